package ecmascript

import (
	"slices"
	"strings"
)

// closed finds the file that a path in a package would mean if the package's
// "exports" did not close it.
func (l *lookup) closed(m *manifest, rest string) file {
	if !staysInside(rest) {
		return file{} // the package closes nothing outside of it
	}
	loose := *l
	loose.strict, loose.exports = false, false
	if rest != "" {
		if f := loose.inPackage(m, rest); f.ok() {
			return f
		}
	}
	f, _ := loose.pathLeniently(m, rest, "")
	return f
}

// maxOffered bounds how many entries of "exports" a message names.
const maxOffered = 5

// listed says what "exports" offers, for a message.
func (e *exportMap) listed() string {
	var keys []string
	if e.main != nil {
		keys = append(keys, ".")
	}
	for key, t := range e.exact {
		if key != "." && t.kind != targetNull {
			keys = append(keys, key)
		}
	}
	for _, o := range e.open {
		if o.target.kind != targetNull {
			keys = append(keys, o.key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if len(keys) == 0 {
		return "what they list"
	}
	more := ""
	if len(keys) > maxOffered {
		keys, more = keys[:maxOffered], ", …"
	}
	return "what they list (" + strings.Join(keys, ", ") + more + ")"
}
