package loader

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// toy is a language that shows all a front-end can do: a line "import x" in a
// .toy file is a static import of x.toy or x/index.toy beside the file, or of an
// alias that the manifest toy.conf defines ("name=path"), of a package "pkg:x",
// or of any file by its full name. A line "!" is a syntax error, "panic" a bug.
//
// Names: "def NAME SIGNATURE" exports, "hide NAME SIGNATURE" declares, "use A, B as
// C from x" imports names, "pass A as B from x" passes one on, "star x" all, and
// "open" says that there may be more.
type toy struct{ probing bool }

func (toy) Name() string { return "toy" }

func (toy) Claim(p string) Claim {
	switch {
	case path.Base(p) == "toy.conf":
		return ClaimConfig
	case strings.HasSuffix(p, ".toy"):
		return ClaimSource
	}
	return ClaimNone
}

func (toy) ReadsExports() {}

func (toy) NewParser() Parser { return toyParser{} }

type toyParser struct{}

func (toyParser) Parse(p string, src []byte, detail Detail) *module.Facts {
	f := &module.Facts{}
	offset := int32(0)
	for i, line := range bytes.Split(src, []byte("\n")) {
		span := module.Span{File: p, Line: int32(i + 1), Column: 8, Offset: offset + 7, End: offset + int32(len(line))}
		switch spec, isImport := bytes.CutPrefix(line, []byte("import ")); {
		case isImport:
			f.Imports = append(f.Imports, module.Import{Specifier: string(spec), Span: span})
		case string(line) == "!":
			span.Column, span.Offset = 1, offset
			f.Diagnostics = append(f.Diagnostics, module.Diagnostic{Code: "syntax", Span: span, Message: "unexpected !"})
		case string(line) == "panic":
			panic("toy parser")
		default:
			toyNames(f, string(line), span, detail)
		}
		offset += int32(len(line)) + 1
	}
	return f
}

// toyNames reads a line about names.
func toyNames(f *module.Facts, line string, span module.Span, detail Detail) {
	verb, rest, _ := strings.Cut(line, " ")
	names, spec, _ := strings.Cut(rest, " from ")
	e := module.Export{Span: span}
	switch verb {
	case "def", "hide":
		e.Name, e.Signature, _ = strings.Cut(rest, " ")
		if verb == "hide" {
			e.Visibility = module.Private
		}
	case "use", "pass":
		imp := module.Import{Specifier: spec, Span: span}
		for name := range strings.SplitSeq(names, ", ") {
			name, alias, _ := strings.Cut(name, " as ")
			imp.Names = append(imp.Names, module.ImportedName{Name: name, Alias: alias})
			e.Name, e.Imported = cmp.Or(alias, name), name
		}
		f.Imports = append(f.Imports, imp)
		e.Import = int32(len(f.Imports))
	case "star":
		f.Imports = append(f.Imports, module.Import{Specifier: rest, Names: []module.ImportedName{{Name: "*"}}, Span: span})
		e.Name, e.Imported, e.Import = "*", "*", int32(len(f.Imports))
	case "open":
		f.Open = detail >= DetailExports
		return
	default:
		return
	}
	if detail >= DetailExports && verb != "use" {
		f.Exports = append(f.Exports, e)
	}
}

func (t toy) Index(_ context.Context, ws *Workspace) (Resolver, error) {
	r := &toyResolver{aliases: map[string]string{}}
	for _, f := range ws.Files {
		r.modules = append(r.modules, &module.Module{ID: module.ID(f.Path), Name: strings.TrimSuffix(f.Path, ".toy"), Language: "toy", Files: []string{f.Path}, Imports: f.Facts.Imports})
	}
	conf, _, err := ws.FS.ReadFile("toy.conf", nil)
	if err == nil {
		for line := range strings.Lines(string(conf)) {
			if name, target, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
				r.aliases[name] = target
			} else {
				r.diagnostics = append(r.diagnostics, module.Diagnostic{Code: "config", Span: module.Span{File: "toy.conf"}, Message: "no ="})
			}
		}
	}
	if t.probing {
		return toyProbing{r}, nil
	}
	return r, nil
}

type toyResolver struct {
	modules     []*module.Module
	aliases     map[string]string
	diagnostics []module.Diagnostic
}

type toyProbing struct{ *toyResolver }

func (toyProbing) Probing() {}

func (r *toyResolver) Modules() []*module.Module                { return r.modules }
func (r *toyResolver) Skipped() []Skipped                       { return nil }
func (r *toyResolver) Implicit(m *module.Module, _ *Resolution) {}
func (r *toyResolver) Diagnostics() []module.Diagnostic         { return r.diagnostics }
func (r *toyResolver) Inputs() []string                         { return []string{"toy.conf"} }

func (r *toyResolver) Resolve(from *module.Module, imp *module.Import, res *Resolution) {
	if imp.Specifier == "resolver-panic" {
		panic("toy resolver")
	}
	if name, ok := strings.CutPrefix(imp.Specifier, "pkg:"); ok {
		res.External(&module.Module{ID: module.ID(imp.Specifier), Name: name, Kind: module.KindExternal}, imp.Kind, "package")
		return
	}
	target := imp.Specifier
	rule := "relative"
	if to, ok := r.aliases[target]; ok {
		target, rule = to, "alias"
	} else {
		target = path.Join(path.Dir(string(from.ID)), target)
	}
	for _, candidate := range []string{target, target + ".toy", target + "/index.toy"} {
		if res.File(candidate) {
			res.To(module.ID(candidate), imp.Kind, rule)
			return
		}
	}
	res.Fail(fmt.Sprintf("no file %s", target))
}
