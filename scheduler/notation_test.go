package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/scheduler"
)

// sketch is a graph written as text, "app: lib log; lib: base": each unit with
// what it depends on. Units are numbered as they are first named. A unit in a
// statement of its own may have a cost: "app=5: lib".
type sketch struct {
	edges
	names []string
	costs []int64
}

func draw(text string) *sketch {
	s := &sketch{}
	for statement := range strings.SplitSeq(text, ";") {
		head, deps, _ := strings.Cut(statement, ":")
		name, cost, hasCost := strings.Cut(strings.TrimSpace(head), "=")
		unit := s.unit(name)
		if hasCost {
			if _, err := fmt.Sscan(cost, &s.costs[unit]); err != nil {
				panic(err)
			}
		}
		for dep := range strings.FieldsSeq(deps) {
			dep := s.unit(dep)
			s.edges[unit] = append(s.edges[unit], dep)
		}
	}
	return s
}

func (s *sketch) unit(name string) int {
	if unit := slices.Index(s.names, name); unit >= 0 {
		return unit
	}
	s.names = append(s.names, name)
	s.costs = append(s.costs, 1)
	s.edges = append(s.edges, nil)
	return len(s.names) - 1
}

func (s *sketch) name(unit scheduler.Unit) string { return s.names[unit] }
func (s *sketch) cost(unit scheduler.Unit) int64  { return s.costs[unit] }

func (s *sketch) plan(tb testing.TB) *scheduler.Plan {
	tb.Helper()
	plan, err := scheduler.NewPlan(s, scheduler.WithNames(s.name), scheduler.WithCost(s.cost))
	if err != nil {
		tb.Fatal(err)
	}
	return plan
}
