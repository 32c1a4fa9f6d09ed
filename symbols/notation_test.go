package symbols

import (
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/eddy-build/eddy/module"
)

// parseSet reads a set from a txtar archive: a file a module, whose name is its
// ID and gives its language, and a line of it one of
//
//	package P              its distribution; "p" without this line
//	name N                 what its language calls it
//	aside TEXT             what it adds to others
//	open                   any name may exist
//	all a b                __all__
//	export NAME            a declaration; also private, internal, protected NAME
//	import a, b as c from ID…      names; "* as ns" for the whole; no ID for nowhere
//	pass a as b from ID…   a name passed on; "*" for the module as a whole
//	star from ID…          all names passed on
//
// "implied ID" among the IDs is a package on the way. The place of an export or
// import is its line.
func parseSet(t testing.TB, archive string) *module.Set {
	t.Helper()
	set := &module.Set{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		set.Modules = append(set.Modules, parseModule(t, f.Name, string(f.Data)))
	}
	slices.SortFunc(set.Modules, func(a, b *module.Module) int { return a.ID.Compare(b.ID) })
	return set
}

func parseModule(t testing.TB, id, text string) *module.Module {
	m := &module.Module{ID: module.ID(id), Name: id, Package: "p", Files: []string{id}}
	switch path.Ext(id) {
	case ".ts":
		m.Language = module.TypeScript
	case ".js", ".mjs":
		m.Language = module.JavaScript
	case ".py":
		m.Language = module.Python
		m.Name = strings.TrimSuffix(strings.ReplaceAll(strings.TrimSuffix(id, ".py"), "/", "."), ".__init__")
	default:
		m.Language = module.Go
	}
	if strings.HasPrefix(id, "npm:") || strings.HasPrefix(id, "pypi:") {
		m.Kind = module.KindExternal
	}
	if strings.HasSuffix(id, ":test") {
		m.Kind = module.KindTest
	}
	for i, line := range strings.Split(text, "\n") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		span := module.Span{File: id, Line: int32(i + 1), Column: 1}
		e := module.Export{Name: rest, Span: span}
		switch verb {
		case "":
			continue
		case "package":
			m.Package = rest
			continue
		case "name":
			m.Name = rest
			continue
		case "aside":
			m.Aside = append(m.Aside, rest)
			continue
		case "open":
			m.Open = true
			continue
		case "all":
			m.All = strings.Fields(rest)
			continue
		case "export":
		case "type":
			e.Kind = module.SymbolType
		case "private":
			e.Visibility = module.Private
		case "internal":
			e.Visibility = module.Internal
		case "protected":
			e.Visibility = module.Protected
		case "import", "pass", "star":
			what, targets, _ := strings.Cut(" "+rest, " from")
			imp := module.Import{Specifier: "./spec", Span: span}
			for name := range strings.SplitSeq(strings.TrimSpace(what), ", ") {
				name, alias, _ := strings.Cut(name, " as ")
				if verb != "star" && name != "" {
					imp.Names = append(imp.Names, module.ImportedName{Name: name, Alias: alias})
				}
				if alias == "" {
					alias = name
				}
				e = module.Export{Name: alias, Imported: name, Span: span}
			}
			if verb != "import" && ecmascript(m.Language) {
				imp.Flags = module.Reexport
			}
			if verb == "star" {
				e.Name, e.Imported = "*", "*"
			}
			words := strings.Fields(targets)
			if len(words) > 0 {
				imp.Specifier = "./" + words[0]
				if spec, ok := strings.CutPrefix(words[0], "spec="); ok || !ecmascript(m.Language) {
					imp.Specifier = spec
				}
			}
			implied := module.Static
			for _, w := range words {
				if w == "implied" {
					implied = module.Implicit
					continue
				}
				if !strings.HasPrefix(w, "spec=") {
					m.Deps = append(m.Deps, module.Dep{To: module.ID(w), Import: int32(len(m.Imports)), Kind: implied})
				}
				implied = module.Static
			}
			m.Imports = append(m.Imports, imp)
			if verb == "import" {
				continue
			}
			e.Import = int32(len(m.Imports))
		default:
			t.Fatalf("%s: unknown line %q", id, line)
		}
		m.Exports = append(m.Exports, e)
	}
	slices.SortStableFunc(m.Exports, func(a, b module.Export) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(m.Deps, func(a, b module.Dep) int { return a.To.Compare(b.To) })
	return m
}

// way is a resolution as text: "b.ts:1 x → a.ts:3 y", with "?" at its end where
// it is open, or the error.
func way(r *Resolution, err error) string {
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for i, h := range r.Chain {
		if i > 0 {
			b.WriteString(" → ")
		}
		b.WriteString(string(h.Module))
		if h.Span.Line > 0 {
			b.WriteString(":" + string(rune('0'+h.Span.Line)))
		}
		b.WriteString(" " + h.Name)
	}
	if r.Open {
		b.WriteString("?")
	}
	return b.String()
}
