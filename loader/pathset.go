package loader

// pathSet is a set of slash paths that are relative to the root. What lies below
// one of thousands is told by the folders above a path, not by a look at each.
type pathSet map[string]struct{}

func newPathSet(paths []string) pathSet {
	s := make(pathSet, len(paths))
	for _, p := range paths {
		s.add(p)
	}
	return s
}

func (s pathSet) add(path string) { s[path] = struct{}{} }

func (s pathSet) has(path string) bool {
	_, ok := s[path]
	return ok
}

// within reports whether a path is in the set, or lies below one that is. All is
// below ".". O(length of the path).
func (s pathSet) within(path string) bool {
	if s.has(path) || s.has(".") {
		return true
	}
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' && s.has(path[:i]) {
			return true
		}
	}
	return false
}
