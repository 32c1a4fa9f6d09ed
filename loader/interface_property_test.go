package loader_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/eddy-build/eddy/module"
)

// sketch is a module of declarations that a language can write down, and the
// module b beside it. What importers observe of it is known: see [sketch.seen].
type sketch struct {
	decls  []*sketched
	beside []*sketched // of b: types alone
}

// sketched is a declaration. Its name is its kind and number.
type sketched struct {
	kind    string // "func", "type", "const" or "var"
	number  int
	public  bool
	types   [2]int // the parameter's and the result's, or the field's: see sketch.typeName
	value   int    // of a constant or variable
	follows *sketched
	body    int
	comment int
	second  bool // Go: in the second file
}

// A sketchLanguage writes sketches.
type sketchLanguage struct {
	name   string
	module module.ID
	title  func(kind string, number int, public bool) string
	ints   string
	texts  string
	beside string // a type of b, by its name
	write  func(l *sketchLanguage, s *sketch) map[string]string

	typedValues    bool // the value of what has a type is part of the interface
	importIsExport bool
}

// Types are numbered: int, text, then the types of the sketch, then those of b.
func (s *sketch) typeName(l *sketchLanguage, n int) string {
	types := s.typed()
	switch {
	case n == 0:
		return l.ints
	case n == 1:
		return l.texts
	case n-2 < len(types):
		return l.nameOf(types[n-2])
	}
	return fmt.Sprintf(l.beside, l.nameOf(s.beside[(n-2-len(types))%len(s.beside)]))
}

func (s *sketch) typed() []*sketched {
	var list []*sketched
	for _, d := range s.decls {
		if d.kind == "type" {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *sketched) int { return a.number - b.number })
	return list
}

func (l *sketchLanguage) nameOf(d *sketched) string { return l.title(d.kind, d.number, d.public) }

// seen is what importers observe, in words that need not be the language's.
func (s *sketch) seen(l *sketchLanguage) string {
	all := map[string]bool{}
	if l.importIsExport {
		s.seeBeside(l, all)
	}
	for _, d := range s.decls {
		if d.public {
			s.see(l, d, all)
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), "\n")
}

func (s *sketch) see(l *sketchLanguage, d *sketched, all map[string]bool) {
	types := s.typed()
	text := fmt.Sprint(d.kind, " ", l.nameOf(d), " ", d.public)
	shown := 0
	switch d.kind {
	case "func":
		shown = 2
	case "type":
		shown = 1
	case "var":
		shown = 1
		if l.typedValues {
			text += fmt.Sprint(" = ", d.value)
		}
	case "const":
		text += fmt.Sprint(" = ", d.value)
		if d.follows != nil {
			text += " + " + l.nameOf(d.follows)
		}
	}
	for _, t := range d.types[:shown] {
		text += " " + s.typeName(l, t)
	}
	if all[text] {
		return
	}
	all[text] = true
	if d.kind == "const" && d.follows != nil {
		s.see(l, d.follows, all)
	}
	for _, t := range d.types[:shown] {
		switch {
		case t < 2:
		case t-2 < len(types):
			s.see(l, types[t-2], all)
		default:
			s.seeBeside(l, all)
		}
	}
}

// seeBeside takes b whole: an interface has those that it mentions in it.
func (s *sketch) seeBeside(l *sketchLanguage, all map[string]bool) {
	for _, d := range s.beside {
		all[fmt.Sprint("b ", l.nameOf(d), " ", s.typeName(l, d.types[0]))] = true
	}
}

var sketchLanguages = []*sketchLanguage{
	{
		name: "go", module: "m", ints: "int", texts: "string", beside: "b.%s",
		title: func(kind string, n int, public bool) string {
			if public {
				return fmt.Sprint(strings.ToUpper(kind[:1]), kind[1:], n)
			}
			return fmt.Sprint(kind, n)
		},
		write: func(l *sketchLanguage, s *sketch) map[string]string {
			var files [2]strings.Builder
			for i := range files {
				files[i].WriteString("package m\n\nimport \"example.com/x/b\"\n\nvar _ b.Type0\n\n")
			}
			for _, d := range s.decls {
				w, name := &files[0], l.nameOf(d)
				if d.second {
					w = &files[1]
				}
				fmt.Fprintf(w, "// %d\n", d.comment)
				switch d.kind {
				case "func":
					fmt.Fprintf(w, "func %s(a %s) %s { panic(%d) }\n", name, s.typeName(l, d.types[0]), s.typeName(l, d.types[1]), d.body)
				case "type":
					fmt.Fprintf(w, "type %s struct{ g *%s }\n", name, s.typeName(l, d.types[0]))
				case "var":
					fmt.Fprintf(w, "var %s %s = f(%d)\n", name, s.typeName(l, d.types[0]), d.value)
				case "const":
					fmt.Fprintf(w, "const %s = %s\n", name, l.sum(d))
				}
			}
			b := "package b\n"
			for _, d := range s.beside {
				b += fmt.Sprintf("type %s %s\n", l.nameOf(d), s.typeName(l, d.types[0]))
			}
			return map[string]string{"m/m.go": files[0].String(), "m/n.go": files[1].String(), "b/b.go": b}
		},
	},
	{
		name: "typescript", module: "m.ts", ints: "number", texts: "string", beside: "%s", typedValues: true,
		title: func(kind string, n int, _ bool) string { return fmt.Sprint(kind, n) },
		write: func(l *sketchLanguage, s *sketch) map[string]string {
			var w strings.Builder
			w.WriteString("import type { b0, b1 } from './b'\n")
			for _, d := range s.decls {
				fmt.Fprintf(&w, "/** %d */\n", d.comment)
				if d.public {
					w.WriteString("export ")
				}
				switch name := l.nameOf(d); d.kind {
				case "func":
					fmt.Fprintf(&w, "function %s(a: %s): %s { return f(%d) }\n", name, s.typeName(l, d.types[0]), s.typeName(l, d.types[1]), d.body)
				case "type":
					fmt.Fprintf(&w, "interface %s { g: %s }\n", name, s.typeName(l, d.types[0]))
				case "var":
					fmt.Fprintf(&w, "let %s: %s = f(%d)\n", name, s.typeName(l, d.types[0]), d.value)
				case "const":
					fmt.Fprintf(&w, "const %s = %s\n", name, l.sum(d))
				}
			}
			b := ""
			for _, d := range s.beside {
				b += fmt.Sprintf("export type %s = %s\n", l.nameOf(d), s.typeName(l, d.types[0]))
			}
			return map[string]string{"m.ts": w.String(), "b.ts": b}
		},
	},
	{
		name: "python", module: "m.py", ints: "int", texts: "str", beside: "%s", importIsExport: true,
		title: func(kind string, n int, public bool) string {
			if public {
				return fmt.Sprint(kind, n)
			}
			return fmt.Sprint("__", kind, n)
		},
		write: func(l *sketchLanguage, s *sketch) map[string]string {
			var w strings.Builder
			w.WriteString("from b import b0, b1\n")
			for _, d := range s.decls {
				fmt.Fprintf(&w, "# %d\n", d.comment)
				switch name := l.nameOf(d); d.kind {
				case "func":
					fmt.Fprintf(&w, "def %s(a: %s) -> %s:\n    return %d\n", name, s.typeName(l, d.types[0]), s.typeName(l, d.types[1]), d.body)
				case "type":
					fmt.Fprintf(&w, "class %s:\n    g: %s\n", name, s.typeName(l, d.types[0]))
				case "var":
					fmt.Fprintf(&w, "%s: %s = f(%d)\n", name, s.typeName(l, d.types[0]), d.value)
				case "const":
					fmt.Fprintf(&w, "%s = %s\n", name, l.sum(d))
				}
			}
			b := ""
			for _, d := range s.beside {
				b += fmt.Sprintf("%s = %s\n", l.nameOf(d), s.typeName(l, d.types[0]))
			}
			return map[string]string{"m.py": w.String(), "b.py": b}
		},
	},
}

// sum writes the value of a constant.
func (l *sketchLanguage) sum(d *sketched) string {
	if d.follows != nil {
		return fmt.Sprintf("%d + %s", d.value, l.nameOf(d.follows))
	}
	return fmt.Sprint(d.value)
}

func drawSketch(t *rapid.T, l *sketchLanguage) *sketch {
	s := &sketch{}
	number := rapid.IntRange(0, 2)
	var last *sketched // constant
	for i := range rapid.IntRange(1, 8).Draw(t, "declarations") {
		d := &sketched{
			kind: rapid.SampledFrom([]string{"func", "type", "const", "var"}).Draw(t, "kind"), number: i,
			public: rapid.Bool().Draw(t, "public"), types: [2]int{rapid.IntRange(0, 5).Draw(t, "type"), rapid.IntRange(0, 5).Draw(t, "type")},
			value: number.Draw(t, "value"), body: number.Draw(t, "body"), comment: number.Draw(t, "comment"), second: rapid.Bool().Draw(t, "second"),
		}
		if d.kind == "const" {
			if rapid.Bool().Draw(t, "follows") {
				d.follows = last
			}
			last = d
		}
		s.decls = append(s.decls, d)
	}
	kind := "b"
	if l.name == "go" {
		kind = "type"
	}
	for i := range 2 {
		s.beside = append(s.beside, &sketched{kind: kind, number: i, public: true, types: [2]int{rapid.IntRange(0, 1).Draw(t, "beside")}})
	}
	return s
}

// edit changes one thing of a sketch and says what.
func (s *sketch) edit(t *rapid.T) string {
	d := rapid.SampledFrom(s.decls).Draw(t, "declaration")
	what := rapid.SampledFrom([]string{"comment", "body", "value", "type", "result", "public", "number", "order", "add", "beside", "file", "follows"}).Draw(t, "edit")
	switch what {
	case "comment":
		d.comment++
	case "body":
		d.body++
	case "value":
		d.value++
	case "type":
		d.types[0] = rapid.IntRange(0, 5).Draw(t, "type")
	case "result":
		d.types[1] = rapid.IntRange(0, 5).Draw(t, "type")
	case "public":
		d.public = !d.public
	case "number":
		d.number += 100
	case "order":
		i := rapid.IntRange(0, len(s.decls)-1).Draw(t, "with")
		k := slices.Index(s.decls, d)
		s.decls[i], s.decls[k] = s.decls[k], s.decls[i]
	case "add":
		s.decls = append(s.decls, &sketched{kind: "func", number: 50 + len(s.decls), public: rapid.Bool().Draw(t, "public")})
	case "beside":
		b := rapid.SampledFrom(s.beside).Draw(t, "of b")
		b.types[0] = 1 - b.types[0]
	case "file":
		d.second = !d.second
	case "follows":
		d.follows = nil
	}
	return fmt.Sprint(what, " of ", d.kind, d.number)
}

// TestInterfacesOfRandomEdits makes random edits of random modules: the interface
// changes exactly where what importers observe does.
func TestInterfacesOfRandomEdits(t *testing.T) {
	for _, l := range sketchLanguages {
		t.Run(l.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := drawSketch(t, l)
				files, seen := l.write(l, s), s.seen(l)
				digest := interfaceOf(t, l.module, files)
				for range 8 {
					what := s.edit(t)
					files2, seen2 := l.write(l, s), s.seen(l)
					digest2 := interfaceOf(t, l.module, files2)
					if differs, want := digest != digest2, seen != seen2; differs != want {
						t.Fatalf("%s: the interface differs: %t, want %t\nbefore:\n%v\nafter:\n%v", what, differs, want, files, files2)
					}
					files, seen, digest = files2, seen2, digest2
				}
			})
		})
	}
}
