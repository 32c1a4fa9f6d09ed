package eddy

import (
	"context"
	"errors"
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
// there is none that fits, and why.
func (e *Engine) restore() (*loader.Result, error) {
	if e.store == nil {
		return loader.Nothing(e.config.Root), errNoStore
	}
	state, err := e.store.Load(e.config.Root, e.storeKey())
	if err != nil {
		return loader.Nothing(e.config.Root), err
	}
	return loader.Restore(state, e.config.Frontends), nil
}

// resume loads the workspace, from the store where that has something of it.
func (e *Engine) resume(ctx context.Context) (*Snapshot, error) {
	var miss error
	if e.store == nil || !e.store.Has(e.config.Root) {
		_, miss = e.restore() // for the reason
		result, err := loader.Load(ctx, e.config)
		if err != nil {
			return nil, err
		}
		return started(result, miss), nil
	}
	result, err := loader.Resume(ctx, e.config, func() *loader.Result {
		var r *loader.Result
		if r, miss = e.restore(); miss == nil {
			r.Graph() // most likely nothing has changed, and then it is the answer
		}
		return r
	})
	if err != nil {
		return nil, err
	}
	return started(result, miss), nil
}

func started(result *loader.Result, miss error) *Snapshot {
	s := newSnapshot(result)
	s.start = startOf(result, miss)
	return s
}

// errNoStore is why an engine without a store starts cold.
var errNoStore = &module.CacheError{Reason: "no cache is used"}

// CheckStore says why the next load cannot start from the store: an error that
// is a [*module.CacheError]. It is nil where it can, if only to find that every
// file has changed.
func (e *Engine) CheckStore() error {
	_, err := e.restore()
	return err
}

// VerifyStore loads the workspace twice, from the store and from scratch, and
// lists in lines for a person how the two differ: nothing, unless the store is
// wrong. Neither becomes the engine's snapshot, and nothing is stored.
func (e *Engine) VerifyStore(ctx context.Context) ([]string, error) {
	e.loading.Lock()
	defer e.loading.Unlock()
	if e.closed.Load() {
		return nil, ErrClosed
	}
	stored, err := e.restore()
	if err != nil {
		return nil, err
	}
	warm, _, err := loader.Update(ctx, e.config, stored, loader.Changes{Rescan: true})
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", e.config.Root, err)
	}
	cold, err := loader.Load(ctx, e.config)
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", e.config.Root, err)
	}
	return loader.Differences(warm, cold), nil
}

// Start says how a load began.
type Start struct {
	Warm   bool   // from the snapshot of the last run
	Reason string // why not, or what had changed since
}

// String returns "warm start: …" or "cold start: …".
func (s Start) String() string {
	if s.Warm {
		return "warm start: " + s.Reason
	}
	return "cold start: " + s.Reason
}

// startOf describes a load that began with what restore returned.
func startOf(result *loader.Result, err error) Start {
	var miss *module.CacheError
	switch w := result.Stats.Work; {
	case errors.As(err, &miss):
		return Start{Reason: miss.Detail()}
	case w.Parsed == 0 && w.Indexed == 0:
		return Start{Warm: true, Reason: "nothing has changed since the last run"}
	default:
		return Start{Warm: true, Reason: fmt.Sprintf("%d of %d files parsed, %d of %d modules resolved again",
			w.Parsed, result.Stats.Files, w.Resolved, len(result.Set.Modules))}
	}
}

// save stores a result beside the caller's work, who holds loading; Close waits
// for it. That it
// fails costs the next run its warm start and this one nothing.
func (e *Engine) save(ctx context.Context, result *loader.Result) {
	e.stored = result
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
	line("detail", e.config.Detail)
	line("digests", e.config.Digests)
	for _, fe := range e.config.Frontends {
		line("front-end", fe.Name())
		if env, ok := fe.(loader.EnvironmentReader); ok {
			line("environment", env.Environment())
		}
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
	// Two builds of sources that were edited since their commit have one version.
	released := ok && info.Main.Version != "" && info.Main.Version != "(devel)" && !strings.HasSuffix(info.Main.Version, "+dirty")
	if released && info.Main.Path == modulePath {
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
