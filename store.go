package eddy

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// storeLimit is how many bytes of snapshots a store keeps: those of about a
// hundred workspaces of ten thousand modules.
const storeLimit = 512 << 20

// restore returns the result of the last run out of the store, or nothing where
// there is none that fits.
func (e *Engine) restore(ctx context.Context) *loader.Result {
	if e.store == nil {
		return loader.Nothing(e.config.Root)
	}
	state, err := e.store.Load(e.config.Root, e.storeKey())
	if err != nil {
		e.log.DebugContext(ctx, "no warm start", "reason", err)
		return loader.Nothing(e.config.Root)
	}
	return loader.Restore(state, e.config.Frontends)
}

// save stores a result beside the caller's work; Close waits for it. That it
// fails costs the next run its warm start and this one nothing.
func (e *Engine) save(ctx context.Context, result *loader.Result) {
	if e.store == nil || !result.Fresh() {
		return
	}
	ctx = context.WithoutCancel(ctx)
	e.saving.Go(func() {
		if err := e.store.Save(e.config.Root, e.storeKey(), result.State()); err != nil {
			e.log.WarnContext(ctx, "the snapshot was not stored; the next run starts cold", "error", err)
			return
		}
		if _, err := e.store.Trim(storeLimit, time.Now()); err != nil {
			e.log.WarnContext(ctx, "the store was not trimmed", "error", err)
		}
	})
}

// storeKey describes all that a stored snapshot depends on beside the files.
func (e *Engine) storeKey() module.Digest {
	var b strings.Builder
	line := func(label string, value any) { fmt.Fprintf(&b, "%s=%q\n", label, fmt.Sprint(value)) }
	line("tool", toolIdentity())
	line("system", runtime.GOOS+"/"+runtime.GOARCH)
	for _, name := range []string{"GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED", "CC", "GOROOT", "PATH"} {
		line(name, os.Getenv(name))
	}
	line("detail", e.config.Detail)
	line("digests", e.config.Digests)
	for _, fe := range e.config.Frontends {
		line("front-end", fe.Name())
	}
	for _, pattern := range e.config.Walk.Exclude {
		line("exclude", pattern)
	}
	line("platform", e.config.Options.GoPlatform)
	for _, root := range e.config.Options.PythonRoots {
		line("python root", root)
	}
	return module.DigestOf([]byte(b.String()))
}

// toolIdentity tells two builds of Eddy apart: by version, and where the version
// says nothing by the program file itself.
func toolIdentity() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" && info.Main.Path == modulePath {
		return info.Main.Version
	}
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	stat, err := os.Stat(path)
	if err != nil {
		return "unknown"
	}
	return fmt.Sprint(path, stat.Size(), stat.ModTime().UnixNano())
}

const modulePath = "github.com/eddy-build/eddy"

// WithStore makes an engine start from the snapshot that the last run left in a
// store, and leave its own there. Without one every load is from scratch.
func WithStore(store *cache.Store) Option { return func(e *Engine) { e.store = store } }

// WithDigests makes a load take the digest of every file, so that an update
// stops at a file whose bytes are what they were. It is for engines that are
// updated, and costs a load a few percent.
func WithDigests() Option { return func(e *Engine) { e.config.Digests = true } }
