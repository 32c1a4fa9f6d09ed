package loader

import (
	"slices"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// gatherDiagnostics fills in those of the set: the list of prev where none of
// them is another.
func (r *Result) gatherDiagnostics(t *turn) {
	if r.diagnosticsHold(t.prev) {
		r.Set.Diagnostics = t.prev.Set.Diagnostics
		return
	}
	r.Set.Diagnostics = r.diagnostics()
}

// diagnosticsHold reports whether every list that diagnostics are gathered from is
// as in prev.
func (r *Result) diagnosticsHold(prev *Result) bool {
	if prev.restored != nil || len(prev.sources) == 0 || len(prev.problems)+len(r.problems) > 0 ||
		!slices.EqualFunc(prev.walked, r.walked, sameDiagnostic) || !sameSlice(prev.Skipped, r.Skipped) || len(prev.indexes) != len(r.indexes) {
		return false
	}
	for i := range r.indexes {
		old, new := prev.indexes[i].resolver, r.indexes[i].resolver
		switch {
		case old == nil && new == nil:
		case old == nil || new == nil || !slices.EqualFunc(old.Diagnostics(), new.Diagnostics(), sameDiagnostic):
			return false
		}
	}
	same := true
	differences(prev.sources, r.sources, bySourcePath, func(old, new *source) {
		if old == nil || new == nil || old.facts != new.facts || old.problem != new.problem {
			same = same && old.silent() && new.silent()
		}
	})
	differences(prev.own, r.own, byOwnedID, func(old, new *owned) {
		same = same && slices.EqualFunc(old.told(), new.told(), sameDiagnostic)
	})
	return same
}

// silent reports whether a file, or none, has no diagnostics.
func (s *source) silent() bool {
	return s == nil || len(s.facts.Diagnostics) == 0 && s.problem == nil
}

// told lists the findings of a module, or of none.
func (o *owned) told() []module.Diagnostic {
	if o == nil {
		return nil
	}
	return o.findings
}

// diagnostics gathers those of all stages, sorted. What is wrong in a file that
// belongs to no module, such as a broken file in a testdata folder, is nobody's
// problem.
func (r *Result) diagnostics() []module.Diagnostic {
	list := slices.Concat(r.walked, r.problems)
	skipped := r.Skipped
	for _, s := range r.sources {
		for len(skipped) > 0 && skipped[0].Path < s.path {
			skipped = skipped[1:]
		}
		if len(skipped) == 0 || skipped[0].Path != s.path {
			list = append(list, s.facts.Diagnostics...)
		}
		if s.problem != nil {
			list = append(list, *s.problem)
		}
	}
	for _, x := range r.indexes {
		if x.resolver != nil {
			list = append(list, x.resolver.Diagnostics()...)
		}
	}
	for _, o := range r.own {
		list = append(list, o.findings...)
	}
	return module.SortDiagnostics(list)
}

// gatherSkipped lists the files that belong to no module: the list of prev where
// every front-end's is the same.
func (r *Result) gatherSkipped(prev *Result) {
	same := prev.restored == nil && len(prev.indexes) == len(r.indexes)
	var list []Skipped
	for i, x := range r.indexes {
		var was, is []Skipped
		if x.resolver != nil {
			is = x.resolver.Skipped()
		}
		if same && prev.indexes[i].resolver != nil {
			was = prev.indexes[i].resolver.Skipped()
		}
		same = same && sameSlice(was, is)
		list = append(list, is...)
	}
	if same {
		r.Skipped = prev.Skipped
		return
	}
	slices.SortFunc(list, func(a, b Skipped) int { return strings.Compare(a.Path, b.Path) })
	if r.Skipped = list; slices.Equal(list, prev.Skipped) {
		r.Skipped = prev.Skipped
	}
}

// sameSlice reports whether two slices are one, or both are empty.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
