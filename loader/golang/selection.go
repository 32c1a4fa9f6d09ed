package golang

import (
	"go/build/constraint"
	"slices"
	"strconv"

	"github.com/eddy-build/eddy/module"
)

// selection decides which files the chosen platforms build. It remembers each
// verdict, because the same few constraints stand in thousands of files. It is
// used by one goroutine.
type selection struct {
	platforms platforms
	verdicts  map[question]string
	free      []string // scratch
}

// cgo reports whether cgo is on for some platform.
func (s *selection) cgo() bool {
	return slices.ContainsFunc(s.platforms.list, func(p platform) bool { return p.cgo })
}

// question is all that a verdict depends on.
type question struct {
	name       nameTags
	constraint string
	cgo        bool
	minor      int
}

func newSelection(p platforms) *selection {
	return &selection{platforms: p, verdicts: map[question]string{}}
}

// excluded returns why no chosen platform builds a file, or the empty string
// where one does. minor is the Go release of the file's module. A test file may
// not import "C"; like the go command, Eddy leaves that to the compiler.
func (s *selection) excluded(name string, facts *module.Facts, test bool, minor int) string {
	if name[0] == '_' || name[0] == '.' {
		return "the go command ignores files whose name begins with " + name[:1]
	}
	if facts.Package == "documentation" {
		return "the go command ignores package documentation"
	}
	q := question{name: nameTagsOf(name), constraint: facts.Constraint, cgo: !test && importsC(facts), minor: minor}
	if q.name == (nameTags{}) && q.constraint == "" && !q.cgo {
		return ""
	}
	reason, known := s.verdicts[q]
	if !known {
		reason = s.answer(q)
		s.verdicts[q] = reason
	}
	return reason
}

func importsC(facts *module.Facts) bool {
	return slices.ContainsFunc(facts.Imports, func(imp module.Import) bool {
		return imp.Specifier == "C" && imp.Kind == module.Static
	})
}

// answer evaluates a question for each platform, and names the part that none
// satisfies.
func (s *selection) answer(q question) string {
	var expr constraint.Expr
	if q.constraint != "" {
		var err error
		if expr, err = constraint.Parse("//go:build " + q.constraint); err != nil {
			return "its build constraint does not parse"
		}
	}
	s.free = s.free[:0]
	for _, tag := range s.platforms.free {
		if mentions(expr, tag) {
			s.free = append(s.free, tag)
		}
	}
	var byName, byExpr bool
	for i := range s.platforms.list {
		p := s.platforms.list[i]
		if !p.builds(q.name, q.minor) {
			continue
		}
		byName = true
		if !satisfiable(&p, expr, s.free, q.minor) {
			continue
		}
		byExpr = true
		if p.cgo || !q.cgo {
			return ""
		}
	}

	target := s.platforms.list[0].String()
	if len(s.platforms.list) > 1 {
		target = "any platform"
	}
	switch {
	case !byName:
		return "its name is for " + q.name.String() + ", not for " + target
	case !byExpr:
		return "its build constraint " + strconv.Quote(q.constraint) + " is not met on " + target
	}
	return "it imports \"C\", and cgo is off on " + target
}

// String returns "windows", "arm64" or "windows/arm64".
func (n nameTags) String() string {
	if n.goos != "" && n.goarch != "" {
		return n.goos + "/" + n.goarch
	}
	return n.goos + n.goarch
}

// builds reports whether a platform builds files of such names.
func (p *platform) builds(n nameTags, minor int) bool {
	return (n.goos == "" || p.tag(n.goos, minor)) && (n.goarch == "" || p.tag(n.goarch, minor))
}

// satisfiable reports whether some choice of the free tags makes expr hold. Each
// free tag occurs in expr; in practice there is one or none.
func satisfiable(p *platform, expr constraint.Expr, free []string, minor int) bool {
	if expr == nil {
		return true
	}
	const most = 10 // choices double with each tag; beyond, the rest is set
	base := p.tags
	if len(free) > most {
		base = append(slices.Clip(base), free[most:]...)
		free = free[:most]
	}
	for choice := range 1 << len(free) {
		q := *p
		q.tags = slices.Clip(base)
		for i, tag := range free {
			if choice&(1<<i) != 0 {
				q.tags = append(q.tags, tag)
			}
		}
		if expr.Eval(func(tag string) bool { return q.tag(tag, minor) }) {
			return true
		}
	}
	return false
}

// mentions reports whether a tag occurs in an expression.
func mentions(expr constraint.Expr, tag string) bool {
	found := false
	if expr != nil {
		expr.Eval(func(t string) bool {
			found = found || t == tag
			return true
		})
	}
	return found
}
