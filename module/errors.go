package module

import (
	"errors"
	"fmt"
	"strings"
)

// The sentinels that the error types of this package match with [errors.Is]:
// branch on the sentinel, or on the type with [errors.As] for the details.
var (
	ErrNotFound   = errors.New("not found")
	ErrParse      = errors.New("parse error")
	ErrCycle      = errors.New("dependency cycle")
	ErrSymbol     = errors.New("no such symbol")
	ErrVisibility = errors.New("not visible")
	ErrValidation = errors.New("not valid")
	ErrVersion    = errors.New("version mismatch")
	ErrCache      = errors.New("cache error")
	ErrInUse      = errors.New("in use")
	ErrAmbiguous  = errors.New("ambiguous")
	ErrReentry    = errors.New("asked from within")
)

// NotFoundError says that no module answers to a query.
type NotFoundError struct {
	Query       string // an ID, a name or a glob, as asked
	Suggestions []ID   // the nearest, best first
}

func (e *NotFoundError) Error() string {
	msg := fmt.Sprintf("no module %q", e.Query)
	if len(e.Suggestions) > 0 {
		names := make([]string, len(e.Suggestions))
		for i, s := range e.Suggestions {
			names[i] = string(s)
		}
		msg += "; did you mean " + strings.Join(names, ", ") + "?"
	}
	return msg
}

// Is makes errors.Is(err, ErrNotFound) hold.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// ParseError says that a module's source is not valid.
type ParseError struct {
	Module     ID
	Diagnostic Diagnostic
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s: %s", e.Diagnostic.Span, e.Diagnostic.Message)
}

// Is makes errors.Is(err, ErrParse) hold.
func (e *ParseError) Is(target error) bool { return target == ErrParse }

// CycleError says that modules depend on each other in a circle.
type CycleError struct {
	Path []ID // each depends on the next, the last on the first
}

func (e *CycleError) Error() string {
	var b strings.Builder
	b.WriteString("dependency cycle: ")
	for _, id := range e.Path {
		b.WriteString(string(id))
		b.WriteString(" → ")
	}
	if len(e.Path) > 0 {
		b.WriteString(string(e.Path[0]))
	}
	return b.String()
}

// Is makes errors.Is(err, ErrCycle) hold.
func (e *CycleError) Is(target error) bool { return target == ErrCycle }

// SymbolError says that a module has no symbol of a name.
type SymbolError struct {
	Module      ID
	Symbol      string
	Span        Span // of the use, where there is one
	Suggestions []string
}

func (e *SymbolError) Error() string {
	msg := fmt.Sprintf("%s has no symbol %q", e.Module, e.Symbol)
	if e.Span.File != "" {
		msg = e.Span.String() + ": " + msg
	}
	if len(e.Suggestions) > 0 {
		msg += "; did you mean " + strings.Join(e.Suggestions, ", ") + "?"
	}
	return msg
}

// Is makes errors.Is(err, ErrSymbol) hold.
func (e *SymbolError) Is(target error) bool { return target == ErrSymbol }

// VisibilityError says that a symbol exists but may not be used from a module.
type VisibilityError struct {
	From       ID
	Module     ID
	Symbol     string
	Visibility Visibility
	Span       Span   // of the use, where there is one
	Reason     string // the rule that forbids it
}

func (e *VisibilityError) Error() string {
	msg := fmt.Sprintf("%s of %s is %s and not visible from %s", e.Symbol, e.Module, e.Visibility, e.From)
	if e.Reason != "" {
		msg += ": " + e.Reason
	}
	if e.Span.File != "" {
		msg = e.Span.String() + ": " + msg
	}
	return msg
}

// Is makes errors.Is(err, ErrVisibility) hold.
func (e *VisibilityError) Is(target error) bool { return target == ErrVisibility }

// ValidationError says that a validator refused a module.
type ValidationError struct {
	Module    ID
	Validator string
	Err       error
}

func (e *ValidationError) Error() string {
	return fmt.Sprintf("%s: refused by validator %s: %v", e.Module, e.Validator, e.Err)
}

// Is makes errors.Is(err, ErrValidation) hold.
func (e *ValidationError) Is(target error) bool { return target == ErrValidation }

// Unwrap returns what the validator said.
func (e *ValidationError) Unwrap() error { return e.Err }

// VersionError says that a package is declared in one version and found, or
// asked for, in another.
type VersionError struct {
	Module ID
	Want   string
	Have   string
	Span   Span // of an import of the package, where there is one
}

func (e *VersionError) Error() string {
	msg := fmt.Sprintf("%s: version %s wanted, %s found", e.Module, e.Want, e.Have)
	if e.Span.File != "" {
		msg = e.Span.String() + ": " + msg
	}
	return msg
}

// Is makes errors.Is(err, ErrVersion) hold.
func (e *VersionError) Is(target error) bool { return target == ErrVersion }

// CacheError says why an entry of a cache could not be used. A reader treats it
// as a miss.
type CacheError struct {
	Path   string
	Reason string
	Err    error
}

func (e *CacheError) Error() string {
	if e.Path == "" {
		return "cache: " + e.Detail()
	}
	return fmt.Sprintf("cache %s: %s", e.Path, e.Detail())
}

// Detail is the reason with its cause, and without the path.
func (e *CacheError) Detail() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

// Is makes errors.Is(err, ErrCache) hold.
func (e *CacheError) Is(target error) bool { return target == ErrCache }

// Unwrap returns the cause, if any.
func (e *CacheError) Unwrap() error { return e.Err }

// InUseError says that a module cannot be unloaded, because loaded modules
// depend on it or are being loaded.
type InUseError struct {
	Module     ID
	Dependents []ID // sorted; the module itself where it is being loaded
}

func (e *InUseError) Error() string {
	var names []string
	loading := false
	for _, id := range e.Dependents {
		if id == e.Module {
			loading = true
		} else {
			names = append(names, string(id))
		}
	}
	switch {
	case len(names) > 0:
		return fmt.Sprintf("%s is in use by %s; unload that first", e.Module, strings.Join(names, ", "))
	case loading:
		return fmt.Sprintf("%s is being loaded", e.Module)
	default:
		return fmt.Sprintf("%s is in use", e.Module)
	}
}

// Is makes errors.Is(err, ErrInUse) hold.
func (e *InUseError) Is(target error) bool { return target == ErrInUse }

// AmbiguousError says that several modules answer to a query that must mean one.
type AmbiguousError struct {
	Query string
	IDs   []ID // sorted
}

func (e *AmbiguousError) Error() string {
	const shown = 5
	var b strings.Builder
	fmt.Fprintf(&b, "%q is ambiguous: it means ", e.Query)
	for i, id := range e.IDs {
		switch {
		case i == shown:
			fmt.Fprintf(&b, " and %d more", len(e.IDs)-shown)
			return b.String()
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(id))
	}
	return b.String()
}

// Is makes errors.Is(err, ErrAmbiguous) hold.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// ReentryError says that a validator or a hook asked for what can only be done
// once it has returned itself.
type ReentryError struct {
	Module ID     // that the validator or the hook was called for
	Call   string // what it asked for: "load b.py"
}

func (e *ReentryError) Error() string {
	return fmt.Sprintf("cannot %s from a hook or validator of %s, for which that would have to wait", e.Call, e.Module)
}

// Is makes errors.Is(err, ErrReentry) hold.
func (e *ReentryError) Is(target error) bool { return target == ErrReentry }
