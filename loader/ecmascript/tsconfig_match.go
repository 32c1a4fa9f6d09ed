package ecmascript

import (
	"strings"
)

// glob is a pattern of "include" or "exclude": segments from the workspace
// root, after as many ".." as it climbs above it.
type glob struct {
	up       int
	segments []string
}

// newGlob reads a pattern that is relative to the workspace root. One whose last
// segment looks like a folder's name stands for all below it.
func newGlob(pattern string) glob {
	var g glob
	for seg := range strings.SplitSeq(pattern, "/") {
		switch seg {
		case "", ".":
		case "..":
			g.up++
		default:
			g.segments = append(g.segments, seg)
		}
	}
	if n := len(g.segments); n == 0 || !strings.ContainsAny(g.segments[n-1], ".*?") {
		g.segments = append(g.segments, "**", "*")
	}
	return g
}

// matchesAny reports whether a file, or for an exclusion a folder above it,
// matches one of some patterns.
func matchesAny(list []glob, p *paths, file string, exclude bool) bool {
	for i := range list {
		g := &list[i]
		path := file
		if g.up > 0 {
			if g.up > len(p.above) {
				continue
			}
			path = strings.Join(p.above[len(p.above)-g.up:], "/") + "/" + file
		}
		if exclude {
			if matchExclude(g.segments, path) {
				return true
			}
		} else if matchInclude(g.segments, path) {
			return true
		}
	}
	return false
}

// matchInclude matches a whole path. Wildcards never lead into a hidden folder
// or an installed package. Of several "**" only the last is ever retried, so
// that no pattern takes more than segments × path steps.
func matchInclude(segments []string, path string) bool {
	var star []string // the segments after the last "**"
	var mark string   // the path from which they are tried next
	for {
		if len(segments) > 0 && segments[0] == "**" {
			segments = segments[1:]
			star, mark = segments, path
			continue
		}
		head, rest, more := strings.Cut(path, "/")
		if len(segments) > 0 && includesName(segments[0], head) {
			segments = segments[1:]
			if !more && len(segments) == 0 {
				return true
			}
			if more {
				path = rest
				continue
			}
		}
		skipped, rest, more := strings.Cut(mark, "/")
		if star == nil || !more || strings.HasPrefix(skipped, ".") || isPackageFolder(skipped) {
			return false
		}
		mark = rest
		segments, path = star, mark
	}
}

// includesName matches one segment of an inclusion.
func includesName(pattern, name string) bool {
	if strings.ContainsAny(pattern, "*?") && (isPackageFolder(name) ||
		pattern[0] != '.' && strings.HasPrefix(name, ".") ||
		strings.HasSuffix(name, ".min.js") && !strings.HasSuffix(pattern, ".min.js")) {
		return false
	}
	return matchSegment(pattern, name)
}

// matchExclude matches a path or a folder above it.
func matchExclude(segments []string, path string) bool {
	var star []string
	var mark string
	for {
		if len(segments) == 0 {
			return true
		}
		if segments[0] == "**" {
			if segments = segments[1:]; len(segments) == 0 {
				return true
			}
			star, mark = segments, path
			continue
		}
		head, rest, more := strings.Cut(path, "/")
		if matchSegment(segments[0], head) {
			segments = segments[1:]
			if more {
				path = rest
				continue
			}
			for len(segments) > 0 && segments[0] == "**" {
				segments = segments[1:]
			}
			if len(segments) == 0 {
				return true
			}
		}
		if star == nil {
			return false
		}
		if _, mark, more = strings.Cut(mark, "/"); !more {
			return false
		}
		segments, path = star, mark
	}
}

func isPackageFolder(name string) bool {
	return name == "node_modules" || name == "bower_components" || name == "jspm_packages"
}

// matchSegment matches one name against a pattern of "*" and "?". Linear: of
// several stars only the last is ever retried.
func matchSegment(pattern, name string) bool {
	p, n := 0, 0
	star, mark := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
