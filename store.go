package eddy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/graph"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/loader"
	"github.com/eddy-build/eddy/module"
)

// storeLimit is how many bytes of snapshots a store keeps: those of about a
// hundred workspaces of ten thousand modules.
const storeLimit = 512 << 20

// readStore returns what the last run left in the store, or why there is nothing of
// use.
func (e *Engine) readStore() (*cache.Stored, error) {
	if e.store == nil {
		return nil, errNoStore
	}
	return e.store.Load(e.config.Root, e.storeKey())
}

// resume loads the workspace, from the store where that has something of it.
func (e *Engine) resume(ctx context.Context) (*Snapshot, error) {
	stored, miss := e.readStore()
	if miss != nil {
		result, err := loader.Load(ctx, e.config)
		if err != nil {
			return nil, err
		}
		return started(result, miss), nil
	}
	last := e.restored(stored)
	begin := time.Now()
	e.beside.Go(func() { last.Graph() }) // most likely nothing has changed, and then it is the answer
	if e.config.Visit == nil && loader.Unchanged(ctx, e.config, stored) {
		last.stats.Stages[loader.StageWalk] = time.Since(begin)
		last.start = Start{Warm: true, Reason: nothingChanged}
		last.walked = sync.OnceValue(func() *loader.Result { return e.walked(last) })
		return last, nil
	}
	result, err := loader.Resume(ctx, e.config, last.loaded)
	if err != nil {
		return nil, err
	}
	s := started(result, nil)
	if result.Set == last.set() {
		s.graph = last.graph
	}
	return s, nil
}

// restored makes a snapshot of a stored one, on the word of the caller that it
// holds.
func (e *Engine) restored(stored *cache.Stored) *Snapshot {
	loaded := sync.OnceValue(func() *loader.Result {
		state, ok := stored.State()
		if !ok {
			return loader.Nothing(e.config.Root) // no damage that the checksum does not tell
		}
		result := loader.Restore(state, e.config.Frontends)
		result.Detail = e.config.Detail
		return result
	})
	s := lazySnapshot(func() *module.Set { return loaded().Set })
	s.loaded, s.stored, s.detail = loaded, stored, e.config.Detail
	s.stats = loader.Stats{Folders: stored.Folders(), Files: stored.Sources(), Imports: stored.Imports()}
	s.stats.Work.SameStamp = stored.Sources()
	s.graph = sync.OnceValue(func() *graph.Graph { return graphOf(stored) })
	return s
}

// graphOf makes the graph of a stored snapshot without its modules.
func graphOf(s *cache.Stored) *graph.Graph {
	ids := make([]module.ID, s.Len())
	for i := range ids {
		ids[i] = s.ID(i)
	}
	links := s.Links()
	return graph.OfRows(graph.Rows{
		IDs: ids, Start: numbers[graph.EdgeID](links.Start), Target: numbers[graph.NodeID](links.Target),
		Kinds: links.Kinds, First: links.First, Count: links.Count,
		Module: func(n graph.NodeID) *module.Module { return s.Module(int(n)) },
	})
}

// The graph takes the numbers of links for those of its own as they are.
const _ = uint(graph.CountMixed-cache.CountMixed) + uint(cache.CountMixed-graph.CountMixed)

// numbers looks at numbers as ones of another name.
func numbers[T ~int32](list []int32) []T {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&list[0])), len(list))
}

// walked is the result of a snapshot with what a walk of the workspace finds,
// where it is still as it was; else what the store has of it.
func (e *Engine) walked(s *Snapshot) *loader.Result {
	// Without a context of the caller: the answer is kept.
	result, _, err := loader.Update(context.Background(), e.config, s.loaded(), loader.Changes{Rescan: true})
	if err != nil || result.Set != s.set() {
		return s.loaded()
	}
	return result
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
	_, err := e.readStore()
	return err
}

// VerifyStore loads the workspace twice, from the store and from scratch, and
// lists in lines for a person how the two differ: nothing, unless the store is
// wrong. Neither becomes the engine's snapshot, and nothing is stored.
func (e *Engine) VerifyStore(ctx context.Context) ([]string, error) {
	leave, err := e.enter(ctx, "verify", "the store")
	if err != nil {
		return nil, err
	}
	defer leave()
	stored, err := e.readStore()
	if err != nil {
		return nil, err
	}
	last := e.restored(stored)
	warm := last.loaded()
	if !loader.Unchanged(ctx, e.config, stored) {
		if warm, _, err = loader.Update(ctx, e.config, warm, loader.Changes{Rescan: true}); err != nil {
			return nil, fmt.Errorf("eddy: load %s: %w", e.config.Root, err)
		}
	}
	cold, err := loader.Load(ctx, e.config)
	if err != nil {
		return nil, fmt.Errorf("eddy: load %s: %w", e.config.Root, err)
	}
	differences := loader.Differences(warm, cold)
	if !sameGraph(last.Graph(), graph.Of(last.set())) {
		differences = append(differences, "the stored graph is not that of the stored modules")
	}
	return differences, nil
}

func sameGraph(a, b *graph.Graph) bool {
	d := graph.Diff(a, b, module.AllKinds)
	if !d.Empty() {
		return false
	}
	for e := range graph.EdgeID(a.EdgeCount()) {
		for kind := module.Static; kind <= module.Implicit; kind++ {
			if a.ImportCount(e, module.Of(kind)) != b.ImportCount(e, module.Of(kind)) {
				return false
			}
		}
	}
	return true
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

const nothingChanged = "nothing has changed since the last run"

// startOf describes a load that began with what restore returned.
func startOf(result *loader.Result, err error) Start {
	var miss *module.CacheError
	switch w := result.Stats.Work; {
	case errors.As(err, &miss):
		return Start{Reason: miss.Detail()}
	case w.Parsed == 0 && w.Indexed == 0:
		return Start{Warm: true, Reason: nothingChanged}
	default:
		return Start{Warm: true, Reason: fmt.Sprintf("%d of %d files parsed, %d of %d modules resolved again",
			w.Parsed, result.Stats.Files, w.Resolved, len(result.Set.Modules))}
	}
}

// save stores a result beside the work of the caller, who holds loading; Close
// waits for it. That it fails costs the next run its warm start and this one nothing.
func (e *Engine) save(ctx context.Context, result *loader.Result) {
	e.stored = result
	if e.store == nil || !result.Fresh() {
		return
	}
	ctx = context.WithoutCancel(ctx)
	before, done := e.lastSave, make(chan struct{})
	e.lastSave = done
	e.beside.Go(func() {
		defer close(done)
		if before != nil {
			<-before // the last result is the one that stays
		}
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
	line("visits", e.config.Visit != nil)
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
// says nothing by the program file itself. It is found out once, for the program
// that runs: another may take the place of its file meanwhile.
var toolIdentity = sync.OnceValue(func() string {
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
	file := path
	if runtime.GOOS == "linux" {
		file = "/proc/self/exe" // the program that runs, also where its path leads to another now
	}
	// Builds that can be repeated and images of containers put one time on all files.
	stat, err := fsys.OS(filepath.Dir(path)).Stat(filepath.ToSlash(file))
	if err != nil {
		return "unknown"
	}
	return fmt.Sprint(path, stat.Stamp)
})

const modulePath = "github.com/eddy-build/eddy"

// WithStore makes an engine start from the snapshot that the last run left in a
// store, and leave its own there. Without one every load is from scratch.
func WithStore(store *cache.Store) Option { return func(e *Engine) { e.store = store } }

// WithDigests makes a load take the digest of every file, so that an update
// stops at a file whose bytes are what they were. It is for engines that are
// updated, and costs a load a few percent.
func WithDigests() Option { return func(e *Engine) { e.config.Digests = true } }
