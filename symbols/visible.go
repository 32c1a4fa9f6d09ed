package symbols

import (
	"strings"

	"github.com/eddy-build/eddy/module"
)

// hidden says why user may not use an export of owner; empty where it may.
func hidden(user, owner *module.Module, e *module.Export) string {
	if user == owner {
		return ""
	}
	switch {
	case owner.Language == module.Go:
		if e.Visibility == module.Private && !tests(user, owner) {
			return "only names that begin with an upper-case letter leave a Go package"
		}
		return hiddenFolder(user, owner)
	case e.Visibility == module.Private && ecmascript(owner.Language):
		return string(owner.ID) + " declares it and does not export it"
	case user.Package == owner.Package, owner.Language == module.Python && (user.Package == "" || owner.Package == ""):
		return ""
	case e.Visibility == module.Protected, e.Visibility == module.Private:
		return "a name that begins with an underscore belongs to the package " + owner.Package
	case e.Visibility == module.Internal && published(owner):
		return "" // the package did not strip it, so its users may see it
	case e.Visibility == module.Internal:
		return "it is marked @internal in the package " + owner.Package
	}
	return ""
}

// published reports whether a module is what a package gives to others rather than
// what that is made of: the compiler takes what is @internal out of the
// declarations that it makes, where it is asked to.
func published(m *module.Module) bool { return m.Language == module.JavaScript || declares(m) }

// tests reports whether user is the tests of the Go package owner.
func tests(user, owner *module.Module) bool {
	return user.Kind == module.KindTest && strings.TrimSuffix(string(user.ID), ":test") == string(owner.ID)
}

// hiddenFolder applies the go command's rule of internal folders: a package
// below one can be imported from below the folder's parent alone. Import paths
// decide; the standard library and the go command's own packages have one parent
// together, the root of the distribution's sources.
func hiddenFolder(user, owner *module.Module) string {
	parent, ok := internalParent(owner.Name)
	if !ok {
		return ""
	}
	name := user.Name
	if user.Kind == module.KindTest {
		name = strings.TrimSuffix(name, ".test")
	}
	if parent == "" {
		if user.Package == "std" || user.Package == "cmd" || user.Package == owner.Package {
			return ""
		}
		return "internal packages of the standard library are for the library itself"
	}
	if name == parent || strings.HasPrefix(name, parent+"/") {
		return ""
	}
	return "packages below " + parent + "/internal can be imported from below " + parent + " alone"
}

// internalParent returns what stands before the last element "internal" of an
// import path: the last is the strictest.
func internalParent(path string) (parent string, ok bool) {
	switch i := strings.LastIndex(path, "/internal/"); {
	case strings.HasSuffix(path, "/internal"):
		return path[:len(path)-len("/internal")], true
	case i >= 0:
		return path[:i], true
	case path == "internal" || strings.HasPrefix(path, "internal/"):
		return "", true
	}
	return "", false
}
