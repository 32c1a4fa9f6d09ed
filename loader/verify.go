package loader

import (
	"fmt"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Differences lists, in lines for a person, what a reader can tell apart of two
// results of one workspace, of which b is right.
func Differences(a, b *Result) []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	merge(a.Set.Modules, b.Set.Modules, byID, func(x, y *module.Module) {
		switch {
		case x == nil:
			say("%s is missing", y.ID)
		case y == nil:
			say("%s is not there", x.ID)
		case !sameDescription(x, y):
			say("%s is described as %s %s %q %v, and is %s %s %q %v", x.ID, x.Language, x.Kind, x.Name, x.Files, y.Language, y.Kind, y.Name, y.Files)
		case !slices.EqualFunc(x.Imports, y.Imports, equalImports):
			say("%s has other imports", x.ID)
		case !slices.Equal(x.Deps, y.Deps):
			say("%s has other dependencies", x.ID)
		case !slices.EqualFunc(x.Unresolved, y.Unresolved, equalUnresolved):
			say("%s has other imports that lead nowhere", x.ID)
		case !slices.Equal(x.Exports, y.Exports) || x.Open != y.Open || !slices.Equal(x.Aside, y.Aside) || x.Interface != y.Interface || x.Content != y.Content:
			say("%s has other exports or another content", x.ID)
		}
	})
	if !slices.EqualFunc(a.Set.Diagnostics, b.Set.Diagnostics, sameDiagnostic) {
		say("the diagnostics differ: %v, and should be %v", a.Set.Diagnostics, b.Set.Diagnostics)
	}
	if !slices.Equal(a.Skipped, b.Skipped) {
		say("the files that belong to no module differ")
	}
	return lines
}
