package symbols

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// What a module has is not all in the module. Here is where else the languages
// look, or let others say what it means.

// made reports whether a bundler's loader makes the module that an import means out
// of the one that it leads to: "./a?raw", "!!raw-loader!./a".
func made(m *module.Module, imp *module.Import) bool {
	return ecmascript(m.Language) && strings.ContainsAny(imp.Specifier, "?!")
}

// typesElsewhere reports whether a name is imported as a type from a module that
// is no TypeScript: its types are in comments, or in a declaration file that the
// import does not lead to.
func typesElsewhere(imp *module.Import, name string, target *module.Module) bool {
	if !ecmascript(target.Language) || target.Language == module.TypeScript {
		return false
	}
	return imp.Kind == module.Type || slices.ContainsFunc(imp.Names, func(n module.ImportedName) bool { return n.Name == name && n.Type })
}

// typesAlone reports whether an import of JavaScript is of types alone: one in a
// comment, which nothing reads unless the user asks the compiler to, or one that
// leads to declarations without their code, which may have more.
func (x *Index) typesAlone(n, imp int32) bool {
	if x.modules[n].Imports[imp].Kind == module.Type {
		return true
	}
	targets := x.targets(n, imp)
	return len(targets) > 0 && !slices.ContainsFunc(targets, func(t target) bool { return !declares(x.modules[t.module]) })
}

// remapped reports whether JavaScript takes a name from its own package, by the
// package's name, that another module of the package exports. Node and bundlers
// go to the package's entry, but a page says in its import map where the name
// leads, and may say another module.
func (x *Index) remapped(user *module.Module, imp *module.Import, name string) bool {
	if user.Language != module.JavaScript || imp.Specifier != user.Package || user.Package == "" {
		return false
	}
	for _, m := range x.modules {
		if m.Package != user.Package || !m.Kind.Local() {
			continue
		}
		if list := exportsOf(m, name); len(list) > 0 && !private(&list[0], m) {
			return true
		}
	}
	return false
}

// augmented reports whether a module that adds to one that an import leads to, or
// passes on, mentions a name: declare module "./a" { interface B {} }.
func (x *Index) augmented(n, imp int32, name string) bool {
	var led []int32
	add := func(n, imp int32) {
		for _, t := range x.targets(n, imp) {
			if !slices.Contains(led, t.module) {
				led = append(led, t.module)
			}
		}
	}
	add(n, imp)
	for i := 0; i < len(led); i++ {
		for _, e := range exportsOf(x.modules[led[i]], whole) {
			if e.Import > 0 {
				add(led[i], e.Import-1)
			}
		}
	}
	for k, m := range x.modules {
		if len(m.Aside) == 0 || !ecmascript(m.Language) || !slices.ContainsFunc(m.Aside, func(text string) bool { return mentions(text, name) }) {
			continue
		}
		for i := range m.Imports {
			if m.Imports[i].Kind == module.Type && slices.ContainsFunc(x.targets(int32(k), int32(i)), func(t target) bool { return slices.Contains(led, t.module) }) {
				return true
			}
		}
	}
	return false
}

// mentions reports whether a text has a word.
func mentions(text, word string) bool {
	for from := 0; word != ""; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !inWord(text[i-1])) && (end == len(text) || !inWord(text[end])) {
			return true
		}
		from = end
	}
	return false
}

func inWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
