package ecmascript

import (
	"strings"

	"github.com/Masterminds/semver/v3"
)

// satisfies reports whether an installation links a package of the workspace in
// that version for a dependency of that specification, instead of fetching
// another. Where one of the two cannot be compared it links.
func satisfies(version, spec string) bool {
	spec = strings.TrimPrefix(spec, "workspace:")
	if strings.Contains(spec, "/") { // a shorthand of a git host
		return false
	}
	v, err := semver.NewVersion(version)
	if err != nil || v.Major() == 0 && v.Minor() == 0 && v.Patch() == 0 {
		return true // a placeholder that a release tool fills in
	}
	r, err := semver.NewConstraint(spec)
	if err != nil {
		return true // a tag, or a catalog
	}
	// A prerelease of a version stands for it: it is what the range will mean.
	core := semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
	return r.Check(v) || r.Check(core)
}
