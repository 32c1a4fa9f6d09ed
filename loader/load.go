package loader

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// Config is what a load needs to know.
type Config struct {
	Root      string     // absolute path of the operating system
	FS        fsys.FS    // nil for the operating system's at Root
	Frontends []Frontend // in order of precedence: the first to claim a file has it
	Workers   int        // how many files are read at once; 0 for one a processor
	Detail    Detail
	Digests   bool // fill in module.Module.Content, and stop an update at equal bytes
	Walk      WalkOptions
	Options   Options
	Progress  func(Progress) // called from one goroutine at a time; may be nil
	// Visit is called in the link stage for each module of a front-end that is new
	// or not as it was, dependencies first and from many goroutines, where exports
	// are read. An error becomes a diagnostic, and what is downstream is not
	// visited. May be nil.
	Visit func(ctx context.Context, m *module.Module) error
	// Now is the clock that tells which stamps are too young to be trusted; nil
	// for the system's.
	Now func() time.Time
}

// now is the time in nanoseconds since 1970.
func (c *Config) now() int64 {
	if c.Now != nil {
		return c.Now().UnixNano()
	}
	return time.Now().UnixNano()
}

func (c *Config) setDefaults() {
	if c.FS == nil {
		c.FS = fsys.OS(c.Root)
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Progress == nil {
		c.Progress = func(Progress) {}
	}
}

// Stats counts the work of a load.
type Stats struct {
	Folders int
	Files   int   // claimed as source
	Bytes   int64 // that were read of them
	Imports int
	Work    module.Work
	Stages  [len(stageNames)]time.Duration // wall time, by Stage
}

// Result is a loaded workspace: the set, and what it was made of. It is
// immutable; an update shares with it all that did not change.
type Result struct {
	Set     *module.Set
	Tree    *Tree
	Skipped []Skipped // files that a front-end claims and that belong to no module, sorted
	Stats   Stats
	Detail  Detail

	frontends []Frontend
	walked    []module.Diagnostic // of the walk
	sources   []*source           // sorted by path
	indexes   []index             // by front-end
	own       []*owned            // the modules of the front-ends, sorted by ID
	foreign   []*foreign          // the other modules of the set, sorted by ID
	problems  []module.Diagnostic // of resolvers that failed
	restored  *restored           // where the result came out of a store and no front-end has indexed it
	graph     *lazyGraph
}

// Load reads a whole workspace. Problems of the user's files are diagnostics in
// the set; an error means that ctx is done, that the root cannot be read, or a
// bug. The result is the same at any number of workers.
func Load(ctx context.Context, cfg Config) (*Result, error) {
	return advance(ctx, cfg, origin{}, Changes{Rescan: true})
}

// Resume is a load that reads only what has changed since last, which came out
// of a store. last is called while the workspace is walked, and may return
// [Nothing].
func Resume(ctx context.Context, cfg Config, last func() *Result) (*Result, error) {
	return advance(ctx, cfg, origin{last: last}, Changes{Rescan: true})
}

// Changes says what may have changed since a load.
type Changes struct {
	Paths  []string // slash paths of files and folders from the root
	Rescan bool     // compare everything by its stamp
}

// Update brings a loaded workspace up to date: the result is that of a fresh
// load, the work that of the changes. The configuration must be the one of prev.
func Update(ctx context.Context, cfg Config, prev *Result, changes Changes) (*Result, *module.Delta, error) {
	next, err := advance(ctx, cfg, origin{prev: prev}, changes)
	if err != nil {
		return nil, nil, err
	}
	return next, deltaOf(prev, next), nil
}

// origin is what a load begins from: an earlier result, one that is still to be
// read, or neither.
type origin struct {
	prev *Result
	last func() *Result
}

// start begins to read the earlier result where that is to be done, and returns
// what waits for it.
func (o origin) start(root string) func() *Result {
	if o.last != nil {
		ready := make(chan *Result, 1)
		go func() { ready <- o.last() }()
		return sync.OnceValue(func() *Result { return <-ready })
	}
	if o.prev == nil {
		o.prev = Nothing(root)
	}
	return func() *Result { return o.prev }
}

// stamped reports whether the stamps of all sources are of use.
func (o origin) stamped(changes Changes) bool {
	return o.last != nil || changes.Rescan && o.prev != nil && len(o.prev.sources) > 0
}

// advance is a load that takes over from an earlier one what still holds.
func advance(ctx context.Context, cfg Config, from origin, changes Changes) (*Result, error) {
	cfg.setDefaults()
	began := cfg.now() // before the first file is looked at
	// What an open module is to others is its content.
	cfg.Digests = cfg.Digests || cfg.Detail >= DetailExports
	clock := time.Now()
	next := &Result{frontends: cfg.Frontends, Detail: cfg.Detail}
	lap := func(s Stage) {
		now := time.Now()
		next.Stats.Stages[s] = now.Sub(clock)
		clock = now
	}

	cfg.Progress(Progress{Stage: StageWalk})
	cfg.Walk.Workers, cfg.Walk.began = cfg.Workers, began
	earlier := from.start(cfg.Root)
	err := next.walk(ctx, cfg, from, changes)
	prev := earlier() // also after an error: nothing goes on when advance has returned
	if err != nil {
		return nil, err
	}
	listing := prev.compareListing(next.Tree)
	lap(StageWalk)

	// A visitor wants to see the modules, even if nothing has changed.
	if cfg.Visit == nil && prev.holds(next, cfg, listing) {
		next.keep(cfg, prev)
		next.Stats.Work.SameStamp = len(prev.sources)
		return next, nil
	}
	if !prev.complete() {
		prev, listing = Nothing(cfg.Root), everything()
	}

	changed, err := next.parse(ctx, cfg, prev, changes, listing, began)
	if err != nil {
		return nil, err
	}
	lap(StageParse)

	if cfg.Visit == nil && prev.restored != nil && len(changed.facts)+len(changed.content) == 0 && listing.empty() &&
		slices.EqualFunc(prev.walked, next.walked, sameDiagnostic) && prev.restored.inputsHold(cfg.FS) {
		next.keep(cfg, prev)
		return next, nil
	}

	cfg.Progress(Progress{Stage: StageIndex})
	if err := next.index(ctx, cfg, prev, changes, listing, began); err != nil {
		return nil, err
	}
	lap(StageIndex)

	t, err := next.resolve(ctx, cfg, prev, changed, listing)
	if err != nil {
		return nil, err
	}
	lap(StageResolve)

	cfg.Progress(Progress{Stage: StageLink})
	next.gatherSkipped(prev)
	if err := next.link(ctx, cfg, t); err != nil {
		return nil, err
	}
	next.count(prev)
	lap(StageLink)
	return next, nil
}

// count fills in the numbers of what is there.
func (r *Result) count(prev *Result) {
	r.Stats.Folders, r.Stats.Files = len(r.Tree.Folders()), len(r.sources)
	own := prev.own
	if r.Stats.Imports = prev.Stats.Imports; prev.restored != nil {
		own, r.Stats.Imports = nil, 0
	}
	differences(own, r.own, byOwnedID, func(old, new *owned) {
		if old != nil {
			r.Stats.Imports -= len(old.module.Imports)
		}
		if new != nil {
			r.Stats.Imports += len(new.module.Imports)
		}
	})
}

// Nothing is the result of loading nothing: what an update of an engine that has
// not loaded yet begins from.
func Nothing(root string) *Result {
	set := &module.Set{Root: root}
	return &Result{Tree: NewTree(nil), Set: set, graph: newLazyGraph(set)}
}
