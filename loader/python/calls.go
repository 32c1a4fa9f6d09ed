package python

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// maxAliases bounds how many names of one thing are looked for: who gives it
// more is no person.
const maxAliases = 16

// aliases are the names by which a file calls the functions that import.
type aliases struct {
	importlib []string // the module importlib
	functions []string // importlib.import_module
	used      bool     // any of them is: every word must be read
}

func (a *aliases) reset() {
	a.importlib, a.functions, a.used = append(a.importlib[:0], "importlib"), a.functions[:0], false
}

// imported notes "import name as alias".
func (a *aliases) imported(name, alias string) {
	if name != "importlib" && !strings.HasPrefix(name, "importlib.") {
		return
	}
	a.used = true
	if name == "importlib" {
		a.importlib = addAlias(a.importlib, alias)
	}
}

// from notes "from importlib import name".
func (a *aliases) from(n module.ImportedName) {
	a.used = true
	name := n.Name
	switch {
	case n.Name == "*":
		name = "import_module"
	case n.Name != "import_module":
		return
	case n.Alias != "":
		name = n.Alias
	}
	a.functions = addAlias(a.functions, name)
}

func addAlias(list []string, name string) []string {
	if len(list) == maxAliases || slices.Contains(list, name) {
		return list
	}
	return append(list, name)
}

// A call is one of a function that imports what is known at run time alone.
type call struct {
	start, end int // of the function's name as written
}

// call looks at the word from i to end of a statement that begins at floor:
// where it calls a function that imports, it notes what.
func (s *scanner) call(i, end, floor int, ctx scope) {
	src := s.src
	builtin := string(src[i:end]) == "__import__"
	method := string(src[i:end]) == "import_module"
	function := slices.Contains(s.imported.functions, string(src[i:end]))
	if !builtin && !method && !function {
		return
	}
	start := i
	switch owner, from := s.owner(i, floor); {
	case owner == "":
		if !builtin && !function {
			return
		}
	case builtin && (owner == "builtins" || owner == "__builtin__"),
		method && slices.Contains(s.imported.importlib, owner):
		start = from
	default:
		return
	}
	gap := blank
	if s.depth > 0 {
		gap = space
	}
	open := gap(src, end)
	if open == len(src) || src[open] != '(' {
		return
	}
	for _, l := range s.lambdas {
		if l.body {
			ctx.calls++
		}
	}
	a := arguments{src: src, i: open + 1}
	at := len(s.names)
	var im found
	var result callResult
	if builtin {
		im, result = s.readBuiltinImport(&a)
	} else {
		im, result = s.readImportModule(&a)
	}
	s.work += a.i - open
	switch result {
	case callDynamic:
		s.names = s.names[:at]
		s.calls = append(s.calls, call{start: start, end: end})
	case callLiteral:
		im.kind, im.flags, im.calls = ctx.kind(), ctx.flags(), ctx.calls
		if builtin {
			im.flags |= module.Lenient
		}
		im.first, im.last = at, len(s.names)
		s.imports = append(s.imports, im)
	}
}

// owner returns the name before the dot before i: "" where there is no dot, and
// "." where what stands before the dot is no single name.
func (s *scanner) owner(i, floor int) (name string, start int) {
	src := s.src
	j := i
	for j > floor && isSpace(src[j-1]) {
		j--
	}
	if j == floor || src[j-1] != '.' {
		return "", i
	}
	for j--; j > floor && isSpace(src[j-1]); j-- {
	}
	e := j
	for j > floor && wordByte[src[j-1]] {
		j--
	}
	start = j
	for j > floor && isSpace(src[j-1]) {
		j--
	}
	if e == start || j > floor && src[j-1] == '.' {
		return ".", i
	}
	return string(src[start:e]), start
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\f' || isNewline(c) }

type callResult uint8

const (
	callNone    callResult = iota // calls without an argument
	callDynamic                   // what it imports is known at run time alone
	callLiteral
)

// readImportModule reads the arguments of import_module(name, package=None).
func (s *scanner) readImportModule(a *arguments) (found, callResult) {
	var im found
	var name, pkg argument
	for n := 0; a.next(s); n++ {
		switch {
		case a.arg.keyword == "name" || a.arg.keyword == "" && n == 0:
			name = a.arg
		case a.arg.keyword == "package" || a.arg.keyword == "" && n == 1:
			pkg = a.arg
		}
	}
	if !name.given {
		if a.more {
			return im, callDynamic
		}
		return im, callNone
	}
	if name.kind != argText || name.text == "" {
		return im, callDynamic
	}
	im.start, im.end, im.specifier = name.start, name.end, name.text
	if name.text[0] != '.' {
		return im, callLiteral
	}
	switch {
	case pkg.kind == argPackage:
	case pkg.kind == argText && pkg.text != "" && pkg.text[0] != '.':
		absolute, ok := joinPackage(pkg.text, name.text)
		if !ok {
			return im, callDynamic
		}
		im.specifier = s.text.of([]byte(absolute))
	default:
		return im, callDynamic
	}
	return im, callLiteral
}

// joinPackage makes a relative name absolute, as importlib does.
func joinPackage(pkg, relative string) (string, bool) {
	name := strings.TrimLeft(relative, ".")
	for level := len(relative) - len(name); level > 1; level-- {
		i := strings.LastIndexByte(pkg, '.')
		if i < 0 {
			return "", false
		}
		pkg = pkg[:i]
	}
	if name == "" {
		return pkg, true
	}
	return pkg + "." + name, true
}

// readBuiltinImport reads the arguments of
// __import__(name, globals=None, locals=None, fromlist=(), level=0).
func (s *scanner) readBuiltinImport(a *arguments) (found, callResult) {
	parameters := [...]string{"name", "globals", "locals", "fromlist", "level"}
	var im found
	var name argument
	level := 0
	for n := 0; a.next(s); n++ {
		parameter := a.arg.keyword
		if parameter == "" && n < len(parameters) {
			parameter = parameters[n]
		}
		switch parameter {
		case "name":
			name = a.arg
		case "fromlist":
			for _, n := range a.arg.list {
				s.names = append(s.names, module.ImportedName{Name: n})
			}
		case "level":
			if a.arg.kind != argNumber {
				return im, callDynamic
			}
			level = a.arg.number
		}
	}
	if !name.given {
		if a.more {
			return im, callDynamic
		}
		return im, callNone
	}
	if name.kind != argText || strings.HasPrefix(name.text, ".") || level > maxLevel {
		return im, callDynamic
	}
	im.start, im.end, im.specifier = name.start, name.end, name.text
	if level > 0 {
		im.specifier = s.text.of([]byte(strings.Repeat(".", level) + name.text))
	}
	if im.specifier == "" {
		return im, callDynamic
	}
	return im, callLiteral
}

// maxLevel is far above the depth of any package: what a call asks for beyond
// it is not believed.
const maxLevel = 100
