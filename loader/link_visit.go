package loader

import (
	"context"
	"errors"
	"fmt"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/scheduler"
)

// CodeRefused is the code of the diagnostic of a module that a visit refused.
const CodeRefused = "refused"

// visit calls cfg.Visit for the modules that are not those of prev: dependencies
// before dependents, those that depend on each other one after the other by ID,
// independent ones at once. What lies downstream of a refused module is not
// visited; the diagnostic counts it. Each problem is that of one module.
func (r *Result) visit(ctx context.Context, cfg Config, t *turn) error {
	g := r.Graph()
	parts := g.Condensation(module.AllKinds)
	plan, err := scheduler.NewPlan(parts, scheduler.WithNames(func(u scheduler.Unit) string {
		return string(g.ID(parts.Members(int(u))[0]))
	}))
	if err != nil {
		return err
	}
	before := make([]*owned, g.NodeCount())
	places := make([]int32, g.NodeCount()) // in r.own, +1
	for _, o := range t.prev.own {
		if n, ok := g.Lookup(o.id()); ok {
			before[n] = o
		}
	}
	for at, o := range r.own {
		if n, ok := g.Lookup(o.id()); ok {
			places[n] = int32(at) + 1
		}
	}
	report, err := scheduler.Run(ctx, plan, cfg.Workers, func(ctx context.Context, u scheduler.Unit) error {
		var errs []error
		for _, n := range parts.Members(int(u)) {
			if places[n] == 0 {
				continue
			}
			at := places[n] - 1
			// What was visited before says so itself, unless its module is another.
			if old := before[n]; old == nil || !old.visited || old.module != r.own[at].module {
				o := t.writable(r, at)
				o.visited, o.refused = true, visitOne(ctx, cfg, o.module)
			}
			if refused := r.own[at].refused; refused != nil {
				errs = append(errs, refused)
			}
		}
		return errors.Join(errs...)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		return nil
	}
	held := map[scheduler.Unit]int{}
	for skip := range report.Skips() {
		held[skip.Cause] += len(parts.Members(int(skip.Unit)))
		for _, n := range parts.Members(int(skip.Unit)) {
			if at := places[n] - 1; at >= 0 && r.own[at].visited {
				t.writable(r, at).visited = false // again, once what it depends on is as it should be
			}
		}
	}
	for _, failure := range report.Failures() {
		for _, n := range parts.Members(int(failure.Unit)) {
			if places[n] == 0 || r.own[places[n]-1].refused == nil {
				continue
			}
			o := r.own[places[n]-1]
			d := module.Diagnostic{Severity: module.Error, Code: CodeRefused, Span: module.Span{File: o.module.Files[0]}, Message: o.refused.Error()}
			if k := held[failure.Unit]; k > 0 {
				d.Notes = []string{fmt.Sprintf("%d modules downstream of it were not looked at", k)}
			}
			r.problems = append(r.problems, d)
		}
	}
	return nil
}

// visitOne calls the visitor for one module, whose name every error has.
func visitOne(ctx context.Context, cfg Config, m *module.Module) error {
	var err error
	if panicked := contain(func(int) { err = cfg.Visit(ctx, m) }, 0); panicked != nil {
		return fmt.Errorf("%s: %w", m.ID, panicked)
	}
	return err
}
