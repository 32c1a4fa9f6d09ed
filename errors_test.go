package eddy

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// TestErrors has engines return each error type of package module, finds in it
// what it is about, and matches it by its own sentinels and no other.
func TestErrors(t *testing.T) {
	ctx := t.Context()
	dir := workspace(t, `
-- go.mod --
module m
-- lib/lib.go --
package lib
func hidden() {}
func Shown() {}
-- use/use.go --
package use
import "m/lib"
-- a.py --
import b
-- b.py --
import a
-- broken/b.go --
package broken
import "m/lib
-- one/util.py --
-- two/util.py --
-- package.json --
{"name": "root", "workspaces": ["p/*"]}
-- p/x/package.json --
{"name": "x", "version": "1.0.0", "dependencies": {"y": "^2.0.0"}}
-- p/x/x.ts --
import "y"
-- p/y/package.json --
{"name": "y", "version": "1.0.0", "main": "y.ts"}
-- p/y/y.ts --
`)
	e := open(t, dir, WithDetail(loader.DetailExports))
	s := load(t, e)
	loadIn := func(query string, opts ...Option) error { return second(open(t, dir, opts...).LoadModule(ctx, query)) }
	if _, err := e.LoadModule(ctx, "use"); err != nil {
		t.Fatal(err)
	}
	var within *Engine
	within = open(t, dir, WithHook(Hook{Name: "h", OnLoad: func(ctx context.Context, m *module.Module) error {
		return second(within.LoadModule(ctx, string(m.ID)))
	}}))

	all := []error{module.ErrNotFound, module.ErrParse, module.ErrCycle, module.ErrSymbol, module.ErrVisibility, module.ErrValidation,
		module.ErrVersion, module.ErrCache, module.ErrInUse, module.ErrAmbiguous, module.ErrReentry}
	returned := map[error]bool{}
	for _, tt := range []struct {
		err  error
		want error // the details that count, by type
		is   []error
	}{
		{loadIn("use/us.go"), &module.NotFoundError{Query: "use/us.go"}, []error{module.ErrNotFound}},
		{loadIn("broken"), &module.ParseError{Module: "broken"}, []error{module.ErrParse}},
		{loadIn("a.py", WithoutCycles()), &module.CycleError{Path: []module.ID{"a.py", "b.py"}}, []error{module.ErrCycle}},
		{second(s.Resolve("lib", "Show")), &module.SymbolError{Module: "lib", Symbol: "Show", Suggestions: []string{"Shown"}}, []error{module.ErrSymbol}},
		{second(s.ResolveIn("use", "lib", "hidden")), &module.VisibilityError{From: "use", Module: "lib", Symbol: "hidden", Visibility: module.Private}, []error{module.ErrVisibility}},
		{loadIn("use", WithValidator(MaxDependencies(0))), &module.ValidationError{Module: "use", Validator: "max-dependencies"}, []error{module.ErrValidation}},
		{loadIn("p/x/x.ts", WithValidator(MatchVersions())), &module.VersionError{Want: "^2.0.0", Have: "1.0.0"}, []error{module.ErrValidation, module.ErrVersion}},
		{second(e.Adopt([]byte("nonsense"))), &module.CacheError{}, []error{module.ErrCache}},
		{e.CheckStore(), &module.CacheError{Reason: "no cache is used"}, []error{module.ErrCache}},
		{e.Unload(ctx, "lib"), &module.InUseError{Module: "lib", Dependents: []module.ID{"use"}}, []error{module.ErrInUse}},
		{loadIn("util"), &module.AmbiguousError{Query: "util", IDs: []module.ID{"one/util.py", "two/util.py"}}, []error{module.ErrAmbiguous}},
		{second(within.LoadModule(ctx, "lib")), &module.ReentryError{Module: "lib", Call: "load lib"}, []error{module.ErrReentry}},
	} {
		got := reflect.New(reflect.TypeOf(tt.want))
		if !errors.As(tt.err, got.Interface()) {
			t.Errorf("%T: got %v", tt.want, tt.err)
			continue
		}
		// What the wanted value leaves zero does not count.
		have, want := got.Elem().Elem(), reflect.ValueOf(tt.want).Elem()
		for i := range want.NumField() {
			if f := want.Field(i); !f.IsZero() && !reflect.DeepEqual(f.Interface(), have.Field(i).Interface()) {
				t.Errorf("%T.%s is %v, want %v", tt.want, want.Type().Field(i).Name, have.Field(i), f)
			}
		}
		for _, sentinel := range all {
			if is := errors.Is(tt.err, sentinel); is != slices.Contains(tt.is, sentinel) {
				t.Errorf("%v: is it %v? %t", tt.err, sentinel, is)
			}
			returned[sentinel] = returned[sentinel] || slices.Contains(tt.is, sentinel)
		}
		if text := tt.err.Error(); text == "" || have.Addr().Interface().(error).Error() == "" {
			t.Errorf("%T has no text", tt.want)
		}
	}
	for _, sentinel := range all {
		if !returned[sentinel] {
			t.Errorf("nothing returned %v", sentinel)
		}
	}
}
