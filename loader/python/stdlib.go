package python

import (
	_ "embed"
	"strings"
)

//go:embed stdlib.txt
var standardNames string

// standardModules holds the top-level names of the standard library in any of
// Python 3.8 to 3.14, on any system: sys.stdlib_module_names of the
// interpreters that have it, the contents of the library for the older ones, and
// the package test, which the interpreters leave out.
var standardModules = func() map[string]bool {
	m := make(map[string]bool, 400)
	for name := range strings.Lines(standardNames) {
		m[strings.TrimSpace(name)] = true
	}
	return m
}()

// unshadowed are the modules that no file can stand in for: those compiled into
// the interpreter or frozen, which it looks for before any folder, and those
// that are imported before a script begins.
var unshadowed = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`
		_abc _ast _codecs _collections _functools _imp _io _locale _operator _signal _sre _stat _string
		_suggestions _symtable _sysconfig _thread _tokenize _tracemalloc _typing _warnings _weakref atexit builtins errno faulthandler gc itertools
		marshal posix pwd sys time
		_collections_abc _frozen_importlib _frozen_importlib_external _sitebuiltins abc codecs genericpath
		importlib io ntpath os posixpath runpy site stat zipimport
		__future__ __main__ encodings`) {
		m[name] = true
	}
	return m
}()
