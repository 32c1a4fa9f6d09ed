package scheduler

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Dependencies is what a plan is made of. The condensation of a graph is one.
type Dependencies interface {
	// Len is the number of units.
	Len() int
	// Deps returns the units that a unit depends on, in any order. NewPlan reads
	// them twice and does not keep the slice.
	Deps(unit int) []int
}

// Plan is the declared side of a run. It is immutable and safe for concurrent
// use. It takes 20 bytes a unit and 4 bytes a dependency.
type Plan struct {
	deps       []int32 // the number of dependencies of each unit
	first      []int32 // dependents of unit u are dependents[first[u]:first[u+1]]
	dependents []int32
	rank       []int32 // the place of each unit in the order of urgency
	unitAt     []int32 // the inverse of rank
	names      func(Unit) string
}

// PlanOption changes what [NewPlan] makes.
type PlanOption func(*planner)

type planner struct {
	cost  func(Unit) int64
	names func(Unit) string
}

// WithCost says what each unit costs, in any one measure such as an expected
// duration or a size; less than zero counts as zero. Without it each unit costs
// one.
func WithCost(cost func(Unit) int64) PlanOption { return func(p *planner) { p.cost = cost } }

// WithNames says what messages call each unit. Without it they say its number.
func WithNames(name func(Unit) string) PlanOption { return func(p *planner) { p.names = name } }

// CycleError says that units depend on each other in a circle, so that none of
// them could ever run.
type CycleError struct {
	Path []Unit // each depends on the next, the last on the first

	plan *Plan
}

func (e *CycleError) Error() string {
	var b strings.Builder
	b.WriteString("cannot schedule a cycle: ")
	for _, unit := range e.Path {
		b.WriteString(e.plan.name(unit))
		b.WriteString(" → ")
	}
	b.WriteString(e.plan.name(e.Path[0]))
	return b.String()
}

// NewPlan returns the plan of a graph. It fails with a [*CycleError] where the
// graph is not acyclic, and where a dependency is not a unit.
//
// Time and memory are O(units + dependencies).
func NewPlan(graph Dependencies, options ...PlanOption) (*Plan, error) {
	var settings planner
	for _, option := range options {
		option(&settings)
	}
	plan := &Plan{names: settings.names}
	if err := plan.link(graph); err != nil {
		return nil, err
	}
	order := plan.order()
	if len(order) < plan.Len() {
		return nil, &CycleError{Path: findCycle(graph, plan.deps, order), plan: plan}
	}
	plan.sortByUrgency(order, settings.cost)
	return plan, nil
}

// Len is the number of units.
func (p *Plan) Len() int { return len(p.deps) }

// name is what messages call a unit.
func (p *Plan) name(unit Unit) string {
	if p.names == nil {
		return fmt.Sprintf("unit %d", unit)
	}
	return p.names(unit)
}

// link fills in who waits for whom.
func (p *Plan) link(graph Dependencies) error {
	units := graph.Len()
	if units > math.MaxInt32 {
		return fmt.Errorf("cannot schedule %d units: the limit is %d", units, math.MaxInt32)
	}
	p.deps = make([]int32, units)
	p.first = make([]int32, units+1)
	edges := 0
	for unit := range units {
		deps := graph.Deps(unit)
		for _, dep := range deps {
			if dep < 0 || dep >= units {
				return fmt.Errorf("%s depends on unit %d of %d", p.name(Unit(unit)), dep, units)
			}
			p.first[dep+1]++
		}
		p.deps[unit] = int32(len(deps))
		edges += len(deps)
		if edges > math.MaxInt32 {
			return errors.New("cannot schedule more than 2147483647 dependencies")
		}
	}
	for unit := range units {
		p.first[unit+1] += p.first[unit]
	}
	p.dependents = make([]int32, edges)
	free := make([]int32, units)
	copy(free, p.first)
	for unit := range units {
		for _, dep := range graph.Deps(unit) {
			p.dependents[free[dep]] = int32(unit)
			free[dep]++
		}
	}
	return nil
}

// dependentsOf returns the units that wait for a unit, ascending, one as often as
// it names the dependency.
func (p *Plan) dependentsOf(unit Unit) []int32 {
	return p.dependents[p.first[unit]:p.first[unit+1]]
}

// order returns the units with dependencies first. Units of a cycle, and what
// depends on them, are left out.
func (p *Plan) order() []int32 {
	pending := make([]int32, p.Len())
	copy(pending, p.deps)
	order := make([]int32, 0, p.Len())
	for unit, n := range pending {
		if n == 0 {
			order = append(order, int32(unit))
		}
	}
	for next := 0; next < len(order); next++ {
		for _, dependent := range p.dependentsOf(Unit(order[next])) {
			if pending[dependent]--; pending[dependent] == 0 {
				order = append(order, dependent)
			}
		}
	}
	return order
}

// findCycle returns a cycle among the units that order leaves out: each of them
// has a dependency among them, so that a walk along dependencies must come back.
func findCycle(graph Dependencies, deps []int32, order []int32) []Unit {
	ordered := make([]bool, len(deps))
	for _, unit := range order {
		ordered[unit] = true
	}
	at := 0
	for ordered[at] {
		at++
	}
	step := make(map[int]int)
	var path []Unit
	for {
		if start, seen := step[at]; seen {
			return path[start:]
		}
		step[at] = len(path)
		path = append(path, Unit(at))
		for _, dep := range graph.Deps(at) {
			if !ordered[dep] {
				at = dep
				break
			}
		}
	}
}

// sortByUrgency ranks the units: by the cost of the most expensive path of
// dependents that begins with the unit, descending, then by number.
func (p *Plan) sortByUrgency(order []int32, cost func(Unit) int64) {
	critical := make([]uint64, p.Len())
	for i := len(order) - 1; i >= 0; i-- {
		unit := Unit(order[i])
		var longest uint64
		for _, dependent := range p.dependentsOf(unit) {
			longest = max(longest, critical[dependent])
		}
		own := int64(1)
		if cost != nil {
			own = max(cost(unit), 0)
		}
		critical[unit] = longest + min(uint64(own), math.MaxUint64-longest)
	}
	p.unitAt = sortDescending(critical, order)
	p.rank = make([]int32, p.Len())
	for rank, unit := range p.unitAt {
		p.rank[unit] = int32(rank)
	}
}

// sortDescending returns the indices of keys ordered by key, descending, and by
// index where keys are equal. It sorts by the digits of the keys, skipping those
// in which no two differ, so that small costs take one or two passes. It uses
// scratch, which has the length of keys.
func sortDescending(keys []uint64, scratch []int32) []int32 {
	const bits = 11
	sorted := make([]int32, len(keys))
	differ := uint64(0)
	for i := range sorted {
		sorted[i] = int32(i)
		differ |= keys[i] ^ keys[0]
	}
	for shift := 0; shift < 64; shift += bits {
		if differ>>shift&(1<<bits-1) == 0 {
			continue
		}
		var places [1 << bits]int32
		digit := func(index int32) uint64 { return ^keys[index] >> shift & (1<<bits - 1) }
		for _, index := range sorted {
			places[digit(index)]++
		}
		place := int32(0)
		for d, n := range places {
			places[d] = place
			place += n
		}
		for _, index := range sorted {
			d := digit(index)
			scratch[places[d]] = index
			places[d]++
		}
		sorted, scratch = scratch, sorted
	}
	return sorted
}
