package eddy

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// Validator says whether a module that is being loaded is as it should be. It is
// called for each module that LoadModule loads and, where exports are read, for
// each that a load or an update of the workspace finds new or not as it was: once
// for a version that it lets pass, whichever way that comes, and again after it
// was unloaded. It is called from many goroutines, dependencies before
// dependents, and no more often at once than the engine has workers. It must not
// write to the module.
//
// # Calls of the engine
//
// A validator or a hook may call the engine. It should pass on the context that it
// was given, which ends when nobody waits for the module any more. What it calls
// is never waited for in a circle: that is a [module.ReentryError].
//
//   - In a LoadModule or an Unload it may do all but what needs the very module:
//     LoadModule of that module, of one that depends on it, or of one whose own
//     hook waits for it is refused, and so is Close. While it waits for another
//     load, its worker is free for others.
//   - In a load of the workspace only [Engine.Snapshot], [Engine.Module] and
//     [Engine.Modules] answer, of the state before; all else is refused.
type Validator interface {
	Validate(ctx context.Context, m *module.Module) error
}

// ValidatorFunc is a function that validates, with the name that its errors are
// reported under.
type ValidatorFunc struct {
	Name string
	Func func(ctx context.Context, m *module.Module) error
}

// Validate calls the function.
func (v ValidatorFunc) Validate(ctx context.Context, m *module.Module) error { return v.Func(ctx, m) }

// String returns the name.
func (v ValidatorFunc) String() string { return v.Name }

// Hook is called at the turns of a module's life, under the rules of [Validator].
// A nil function is not called.
type Hook struct {
	Name string
	// OnLoad is called when the validators have let a module pass; an error keeps
	// the module out.
	OnLoad func(ctx context.Context, m *module.Module) error
	// OnUnload is called before Unload drops a module; an error keeps it in, though
	// hooks before this one have been told. It is not called for a version that a
	// newer one replaces, nor for modules that only a load of the workspace has read.
	OnUnload func(ctx context.Context, m *module.Module) error
	// OnResolve may supply a symbol that a module does not have, or an open one
	// may have. It returns nil where it has none either.
	OnResolve func(ctx context.Context, m *module.Module, name string) (*module.Symbol, error)
}

// WithValidator adds a validator; they are called in the order they were added.
func WithValidator(v Validator) Option {
	return func(e *Engine) {
		if b, ok := v.(bound); ok {
			v = b.bind(e)
		}
		e.registry.validators = append(e.registry.validators, v)
	}
}

// bound is a validator that asks the snapshot of its engine. It is called where
// there is one: by LoadModule, and not in a load of the workspace.
type bound interface{ bind(e *Engine) Validator }

// WithHook adds a hook; they are called in the order they were added.
func WithHook(h Hook) Option {
	return func(e *Engine) { e.registry.hooks = append(e.registry.hooks, h) }
}

// Resolve is [Snapshot.Resolve] on the newest snapshot, or, where that has read no
// exports, on the modules that LoadModule loaded. Where the module has no
// such symbol, or nobody can tell because it is open, the hooks are asked for
// one, in their order. A hook that asks the engine for the name that it is asked
// for itself gets the answer of the others.
func (e *Engine) Resolve(ctx context.Context, from module.ID, name string) (*symbols.Resolution, error) {
	r := e.registry
	if err := r.calls.refuse(ctx, "resolve", name); err != nil {
		return nil, err
	}
	s, err := e.current(ctx, "resolve", name)
	if err != nil {
		return nil, err
	}
	answer, err := e.resolve(s, from, name)
	if known := err == nil && !answer.Open; known || err != nil && !errors.Is(err, module.ErrSymbol) {
		return answer, err
	}
	m, _ := s.Module(from)
	within := r.calls.from(ctx)
	for i, h := range r.hooks {
		if h.OnResolve == nil || within.asks(i, from, name) {
			continue
		}
		if within != nil && within.depth >= maxDepth {
			return nil, &module.ReentryError{Module: within.module, Call: "resolve " + name}
		}
		var symbol *module.Symbol
		failure := r.calls.run(ctx, &call{module: from, asked: true, hook: i, name: name}, func(ctx context.Context) (err error) {
			symbol, err = h.OnResolve(ctx, m, name)
			return err
		})
		if failure != nil {
			return nil, fmt.Errorf("%s: hook %s on %q: %w", from, h.Name, name, failure)
		}
		if symbol != nil {
			return &symbols.Resolution{Symbol: *symbol}, nil
		}
	}
	return answer, err
}

// maxDepth is how deep hooks may ask for symbols from within each other. Beyond
// it they would not end.
const maxDepth = 100

// asks reports whether a hook is asked for a symbol in one of the calls that this
// one is within.
func (c *call) asks(hook int, id module.ID, name string) bool {
	for ; c != nil; c = c.parent {
		if c.asked && c.hook == hook && c.module == id && c.name == name {
			return true
		}
	}
	return false
}

// visit is admit in a load of the workspace.
func (r *registry) visit(ctx context.Context, m *module.Module) error {
	return r.admit(ctx, m, &call{module: m.ID, linking: true})
}

// admit calls the validators and then the OnLoad of the hooks, unless they have
// let this version of the module pass before.
func (r *registry) admit(ctx context.Context, m *module.Module, as *call) error {
	if len(r.validators)+len(r.hooks) == 0 {
		return nil
	}
	r.mu.Lock()
	passed := slices.Contains(r.passed[m.ID], m)
	r.mu.Unlock()
	err := r.calls.run(ctx, as, func(ctx context.Context) error {
		for _, v := range r.validators {
			if _, late := v.(bound); late && as.linking || !late && passed {
				continue
			}
			if err := guard(func() error { return v.Validate(ctx, m) }); err != nil {
				return &module.ValidationError{Module: m.ID, Validator: validatorName(v), Err: err}
			}
		}
		for _, h := range r.hooks {
			if h.OnLoad == nil || passed {
				continue
			}
			if err := guard(func() error { return h.OnLoad(ctx, m) }); err != nil {
				return fmt.Errorf("%s: hook %s refuses the load: %w", m.ID, h.Name, err)
			}
		}
		return nil
	})
	if err == nil {
		r.mu.Lock()
		// Beside others: an older version may be loaded while a newer one is linked.
		if !slices.Contains(r.passed[m.ID], m) {
			r.passed[m.ID] = append(r.passed[m.ID], m)
		}
		r.mu.Unlock()
	}
	return err
}

// forget drops what is known of versions that a snapshot does not have and that
// are not loaded.
func (r *registry) forget(s *Snapshot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, versions := range r.passed {
		now, _ := s.Module(id)
		loaded, ok := r.get(id)
		versions = slices.DeleteFunc(versions, func(m *module.Module) bool {
			return m != now && (!ok || m != loaded.reading.Module)
		})
		if r.passed[id] = versions; len(versions) == 0 {
			delete(r.passed, id)
		}
	}
}

func validatorName(v Validator) string {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("%T", v)
}

// guard calls foreign code and turns a panic of it into an error with its stack.
func guard(call func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicError(v)
		}
	}()
	return call()
}

// panicError is the error of a panic; it wraps the panic's value where that is an
// error.
func panicError(v any) error {
	if err, ok := v.(error); ok {
		return fmt.Errorf("panic: %w\n%s", err, debug.Stack())
	}
	return fmt.Errorf("panic: %v\n%s", v, debug.Stack())
}
