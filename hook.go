package eddy

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/eddy-build/eddy/module"
	"github.com/eddy-build/eddy/symbols"
)

// Validator says whether a module that is being loaded is as it should be. It is
// called from many goroutines, dependencies before dependents, for each module
// that LoadModule loads and, where exports are read, for each that a load of the
// workspace finds new. It must not write to the module, nor make the engine load.
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

// Hook is called at the turns of a module's life. A nil function is not called.
// They are called when validators are, under the same rules.
type Hook struct {
	Name string
	// OnLoad is called after the validators; an error keeps the module out.
	OnLoad func(ctx context.Context, m *module.Module) error
	// OnUnload is called before a module is dropped; an error keeps it in.
	OnUnload func(ctx context.Context, m *module.Module) error
	// OnResolve may supply a symbol that a module does not have, or an open one
	// may have. It returns nil where it has none either.
	OnResolve func(ctx context.Context, m *module.Module, name string) (*module.Symbol, error)
}

// WithValidator adds a validator; they are called in the order they were added.
func WithValidator(v Validator) Option {
	return func(e *Engine) { e.registry.validators = append(e.registry.validators, v) }
}

// WithHook adds a hook; they are called in the order they were added.
func WithHook(h Hook) Option {
	return func(e *Engine) { e.registry.hooks = append(e.registry.hooks, h) }
}

// Resolve is [Snapshot.Resolve] on the newest snapshot. Where the module has no
// such symbol, or nobody can tell because it is open, the hooks are asked for
// one, in their order.
func (e *Engine) Resolve(ctx context.Context, from module.ID, name string) (*symbols.Resolution, error) {
	s, err := e.current(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := s.Resolve(from, name)
	if known := err == nil && !answer.Open; known || err != nil && !errors.Is(err, module.ErrSymbol) {
		return answer, err
	}
	m, _ := s.Module(from)
	for _, h := range e.registry.hooks {
		if h.OnResolve == nil {
			continue
		}
		var symbol *module.Symbol
		supply := func() (err error) {
			symbol, err = h.OnResolve(ctx, m, name)
			return err
		}
		if failure := guard(supply); failure != nil {
			return nil, fmt.Errorf("%s: hook %s on %q: %w", from, h.Name, name, failure)
		}
		if symbol != nil {
			return &symbols.Resolution{Symbol: *symbol}, nil
		}
	}
	return answer, err
}

// validate calls the validators and then the OnLoad of the hooks.
func (r *registry) validate(ctx context.Context, m *module.Module) error {
	for _, v := range r.validators {
		if err := guard(func() error { return v.Validate(ctx, m) }); err != nil {
			return &module.ValidationError{Module: m.ID, Validator: validatorName(v), Err: err}
		}
	}
	for _, h := range r.hooks {
		if h.OnLoad == nil {
			continue
		}
		if err := guard(func() error { return h.OnLoad(ctx, m) }); err != nil {
			return fmt.Errorf("%s: hook %s refuses the load: %w", m.ID, h.Name, err)
		}
	}
	return nil
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
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return call()
}
