package python

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/loader"
)

// place is what a dotted name leads to: a module, a package with the folders
// that its submodules lie in, or both for a regular package.
type place struct {
	file    string   // of the module; "" for a namespace package
	folders []string // empty for a module that is no package
}

// finder looks names up as Python's path finder does.
type finder struct {
	layout *layout
	r      *loader.Resolution
	stubs  bool // type checkers look: stubs come first
}

// in looks for one name in folders, in their order: the first regular package
// or module is the answer, else all folders of the name are one namespace
// package. dotted is the whole name up to this one, or "" where no package of
// that name can be mapped to a folder of another.
func (f *finder) in(folders []string, name, dotted string) (place, bool) {
	if dir, ok := f.layout.mapped[dotted]; ok && dotted != "" {
		if p, ok := f.regular(dir); ok {
			return p, true
		}
		return place{folders: []string{dir}}, true
	}
	if f.stubs && dotted == name {
		for _, dir := range f.layout.stubPackages[name] {
			if p, ok := f.regular(dir); ok {
				for _, above := range folders {
					p.folders = append(p.folders, loader.Join(above, name))
				}
				return p, true
			}
		}
	}
	var namespace []string
	for i, dir := range folders {
		p, ok := f.one(dir, name)
		if !ok {
			continue
		}
		if p.file == "" {
			namespace = append(namespace, p.folders...)
			continue
		}
		if len(p.folders) > 0 && f.layout.extends[p.file] {
			// The package looks for its other portions itself.
			for _, other := range folders[i+1:] {
				if d := loader.Join(other, name); f.r.Dir(d) {
					p.folders = append(p.folders, d)
				}
			}
		}
		return p, true
	}
	return place{folders: namespace}, len(namespace) > 0
}

// one looks for a name in one folder: a package before a module before a
// folder of a namespace.
func (f *finder) one(dir, name string) (place, bool) {
	base := loader.Join(dir, name)
	isDir := f.r.Dir(base)
	if isDir {
		if p, ok := f.regular(base); ok {
			return p, true
		}
	}
	if p, ok := f.module(base); ok {
		return p, true
	}
	if isDir {
		if !f.stubs {
			if init := base + "/__init__.pyi"; f.r.File(init) {
				return place{file: init, folders: []string{base}}, true
			}
		}
		return place{folders: []string{base}}, true
	}
	return place{}, false
}

// regular looks for the file that makes a folder a regular package. A stub
// alone makes one for type checkers; at run time it counts only after modules.
func (f *finder) regular(dir string) (place, bool) {
	if init := loader.Join(dir, "__init__.pyi"); f.stubs && f.r.File(init) {
		return place{file: init, folders: []string{dir}}, true
	}
	if init := loader.Join(dir, "__init__.py"); f.r.File(init) {
		return place{file: init, folders: []string{dir}}, true
	}
	if ext := f.extension(dir, "__init__"); ext != "" {
		return place{file: ext, folders: []string{dir}}, true
	}
	return place{}, false
}

// module looks for the file of a module that is no package.
func (f *finder) module(base string) (place, bool) {
	if f.stubs && f.r.File(base+".pyi") {
		return place{file: base + ".pyi"}, true
	}
	if f.r.File(base + ".py") {
		return place{file: base + ".py"}, true
	}
	dir, name := loader.Split(base)
	if ext := f.extension(dir, name); ext != "" {
		return place{file: ext}, true
	}
	if !f.stubs && f.r.File(base+".pyi") {
		return place{file: base + ".pyi"}, true
	}
	return place{}, false
}

// extension returns the file of a compiled module, its Cython source first.
func (f *finder) extension(dir, name string) string {
	folder := f.layout.tree.Folder(dir)
	if folder == nil {
		f.r.Asked(dir) // it may come
		return ""
	}
	f.r.Consult(keyExtension, extensionKey(folder.Path, name))
	best := ""
	first, _ := slices.BinarySearch(folder.Files, name+".")
	for _, file := range folder.Files[first:] {
		if !strings.HasPrefix(file, name+".") {
			break
		}
		if module, ok := extensionModule(file); ok && module == name {
			if !compiled(file) {
				return loader.Join(dir, file)
			}
			if best == "" {
				best = loader.Join(dir, file)
			}
		}
	}
	return best
}

// importable returns the name of the module that a file is, if it is one.
func importable(file string) (name string, ok bool) {
	if name, ok := strings.CutSuffix(file, ".py"); ok {
		return name, true
	}
	if name, ok := strings.CutSuffix(file, ".pyi"); ok {
		return name, true
	}
	return extensionModule(file)
}

// extensionModule returns the module of a compiled file: "name.so",
// "name.abi3.so", "name.cpython-312-x86_64-linux-gnu.so", "name.pyd",
// "name.cp312-win_amd64.pyd", or of a Cython source, "name.pyx", which may be
// written as a template, "name.pyx.tp" or "name.pyx.in".
func extensionModule(file string) (name string, ok bool) {
	if !compiled(file) {
		name, suffix, _ := strings.Cut(file, ".")
		return name, suffix == "pyx" || suffix == "pyx.tp" || suffix == "pyx.in"
	}
	stem, ok := strings.CutSuffix(file, ".so")
	if !ok {
		if stem, ok = strings.CutSuffix(file, ".pyd"); !ok {
			return "", false
		}
	}
	name, tag, tagged := strings.Cut(stem, ".")
	return name, !tagged || tag == "abi3" || strings.HasPrefix(tag, "cpython-") || strings.HasPrefix(tag, "cp3") || strings.HasPrefix(tag, "pypy")
}

// compiled reports whether a file is named as one that Python loads as it is.
func compiled(file string) bool {
	return strings.HasSuffix(file, ".so") || strings.HasSuffix(file, ".pyd")
}

// extensionKey names the compiled files of a module in a folder of the tree.
func extensionKey(dir, module string) string { return dir + "/" + module }

// extensionsOf adds the keys of the compiled modules in a folder to a set.
func extensionsOf(f *loader.Folder, keys map[string]string) {
	for _, name := range f.Files {
		if module, ok := extensionModule(name); ok {
			key := extensionKey(f.Path, module)
			keys[key] += name + "/"
		}
	}
}
