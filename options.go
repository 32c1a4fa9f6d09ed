package eddy

import (
	"log/slog"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
)

// Option changes how an engine loads.
type Option func(*Engine)

// WithWorkers limits how many files are read at once. Zero, the default, means
// one for each processor. The result of a load does not depend on it.
func WithWorkers(n int) Option { return func(e *Engine) { e.config.Workers = n } }

// WithPlatform chooses the Go files that count: "" for those of this machine,
// "linux/arm64,tag1,tag2" for another, "all" for those of any platform.
func WithPlatform(platform string) Option {
	return func(e *Engine) { e.config.Options.GoPlatform = platform }
}

// WithPythonRoots adds source roots for Python, slash paths from the workspace
// root, before those that are found.
func WithPythonRoots(roots ...string) Option {
	return func(e *Engine) { e.config.Options.PythonRoots = append(e.config.Options.PythonRoots, roots...) }
}

// WithExclude leaves out the files and folders that match one of these patterns,
// in the syntax of .gitignore.
func WithExclude(patterns ...string) Option {
	return func(e *Engine) { e.config.Walk.Exclude = append(e.config.Walk.Exclude, patterns...) }
}

// WithFrontends replaces the built-in languages. Where two claim a file, the
// first has it.
func WithFrontends(frontends ...loader.Frontend) Option {
	return func(e *Engine) { e.config.Frontends = frontends }
}

// WithDetail says whether to read exports too. The default is imports alone.
func WithDetail(d loader.Detail) Option { return func(e *Engine) { e.config.Detail = d } }

// WithSymbolLimits bounds the caches of what names mean, class by class in the
// order of [cache.Class]. Zero means the default.
func WithSymbolLimits(limits [4]cache.Limits) Option {
	return func(e *Engine) { e.known = newKnown(limits) }
}

// WithEnv replaces [os.Getenv], by which the settings of git are found that say
// which files the user ignores everywhere. Nil does without them.
func WithEnv(getenv func(string) string) Option {
	return func(e *Engine) { e.config.Walk.Env = getenv }
}

// WithProgress is told how far a load has come, from one goroutine at a time.
// It must return quickly.
func WithProgress(report func(loader.Progress)) Option {
	return func(e *Engine) { e.config.Progress = report }
}

// WithLogger receives what an engine did, at the level Debug. The default is
// silence.
func WithLogger(log *slog.Logger) Option { return func(e *Engine) { e.log = log } }

// withClock replaces the clock that tells which stamps are too young to be
// trusted, for tests.
func withClock(now func() time.Time) Option { return func(e *Engine) { e.config.Now = now } }

// withFS replaces the file system, for tests.
func withFS(fs fsys.FS) Option { return func(e *Engine) { e.config.FS = fs } }
