package loader

import (
	"context"
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/cache"
	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// source is a file that a front-end reads, and what it holds. Its facts are
// never nil once it is parsed.
type source struct {
	path     string
	frontend int
	facts    *module.Facts
	stamp    fsys.Stamp    // zero where an equal one would not mean equal bytes
	content  module.Digest // zero unless asked for
	problem  *module.Diagnostic
}

// headerSize is how much of a file a [HeaderParser] is shown first. Nine in ten
// Go files of the standard library have their last import in the first 4 KiB.
const headerSize = 4 << 10

// maxKeptBuffer bounds what a worker holds on to after a huge file.
const maxKeptBuffer = 4 << 20

// claim lists the files that the front-ends want to parse, sorted by path.
func claim(tree *Tree, frontends []Frontend) []*source {
	var list []source
	for _, folder := range tree.Folders() {
		for _, name := range folder.Files {
			path := Join(folder.Path, name)
			if fe := claimant(path, frontends); fe >= 0 {
				list = append(list, source{path: path, frontend: fe})
			}
		}
	}
	slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return pointers(list)
}

// claimAgain is claim after a change of the listing that is known path by path.
func (c *listingChange) claimAgain(tree *Tree, frontends []Frontend, prev []*source) []*source {
	var changes []replacement[string, source]
	for i, path := range c.paths {
		if i > 0 && path == c.paths[i-1] {
			continue
		}
		_, had := findSource(prev, path)
		fe := -1
		if tree.File(path) {
			fe = claimant(path, frontends)
		}
		switch {
		case fe >= 0 && !had:
			changes = append(changes, replacement[string, source]{path, &source{path: path, frontend: fe}})
		case fe < 0 && had:
			changes = append(changes, replacement[string, source]{path, nil})
		}
	}
	if len(changes) == 0 {
		return prev
	}
	return patched(prev, changes, compareSource)
}

// claimant returns the number of the front-end that reads a file as source; -1
// where none does.
func claimant(path string, frontends []Frontend) int {
	return slices.IndexFunc(frontends, func(fe Frontend) bool { return fe.Claim(path) == ClaimSource })
}

func bySourcePath(a, b *source) int { return strings.Compare(a.path, b.path) }

func compareSource(s *source, path string) int { return strings.Compare(s.path, path) }

// findSource returns the place of a file among sources.
func findSource(sources []*source, path string) (int, bool) {
	return slices.BinarySearchFunc(sources, path, compareSource)
}

// edits are the files that an update found changed.
type edits struct {
	facts   map[string]struct{} // what they hold is new
	content map[string]struct{} // only their bytes are; empty unless digests are asked for
}

// parse fills in r.sources: from prev where a file is the same, else by reading
// it. It returns what changed.
func (r *Result) parse(ctx context.Context, cfg Config, prev *Result, changes Changes, listing *listingChange, began int64) (*edits, error) {
	linked := len(r.Tree.aliases)+len(r.Tree.linked)+len(prev.Tree.aliases)+len(prev.Tree.linked) > 0
	whole := !listing.empty() && (listing.links || linked || len(prev.sources) == 0)
	switch {
	case listing.empty():
		r.sources = prev.sources
	case whole:
		r.sources = claim(r.Tree, cfg.Frontends)
		carryOver(r.sources, prev.sources)
	default:
		r.sources = listing.claimAgain(r.Tree, cfg.Frontends, prev.sources)
	}
	todo := r.suspects(changes, listing, whole)
	outcomes := make([]parseOutcome, len(todo))
	fresh := make([]*source, len(todo))
	ticker := newTicker(cfg.Progress, StageParse, len(todo))
	err := parallel(ctx, cfg.Workers, len(todo), ticker, func() func(int) {
		reader := fileReader{Config: &cfg, began: began, parsers: make([]Parser, len(cfg.Frontends))}
		if changes.Rescan {
			reader.walked = r.Tree
		}
		return func(i int) {
			fresh[i], outcomes[i] = reader.renew(r.sources[todo[i]])
		}
	}, func(i int, err error) {
		old := r.sources[todo[i]]
		fresh[i] = &source{path: old.path, frontend: old.frontend, facts: &module.Facts{}}
		fresh[i].problem = &module.Diagnostic{
			Severity: module.Error, Code: "internal", Span: module.Span{File: old.path},
			Message: "the parser failed on this file; its imports are missing, please report it", Notes: []string{err.Error()},
		}
		outcomes[i] = parseOutcome{kind: parsedAnew}
	})
	if err != nil {
		return nil, err
	}
	changed := &edits{facts: map[string]struct{}{}, content: map[string]struct{}{}}
	work := &r.Stats.Work
	copied := len(prev.sources) == 0 || len(r.sources) == 0 || &r.sources[0] != &prev.sources[0]
	for i, o := range outcomes {
		if at := todo[i]; r.sources[at] != fresh[i] {
			if !copied {
				r.sources, copied = slices.Clone(r.sources), true
			}
			r.sources[at] = fresh[i]
		}
		r.Stats.Bytes += o.read
		switch o.kind {
		case sameStamp:
			work.SameStamp++
		case sameContent:
			work.SameContent++
		case equalFacts:
			work.Parsed++
			work.SameFacts++
			if cfg.Digests {
				changed.content[fresh[i].path] = struct{}{}
			}
		case parsedAnew:
			work.Parsed++
			changed.facts[fresh[i].path] = struct{}{}
		}
	}
	return changed, nil
}

// suspects lists the sources that may have changed: those that are new, those at
// and below the paths of the changes, and those that a symbolic link leads to,
// of whose targets the changes need not tell. whole says that any source may be
// new, not only one that the change of the listing names.
func (r *Result) suspects(changes Changes, listing *listingChange, whole bool) []int32 {
	var list []int32
	if changes.Rescan {
		list = make([]int32, len(r.sources))
		for i := range list {
			list[i] = int32(i)
		}
		return list
	}
	if whole {
		for i, s := range r.sources {
			if s.facts == nil {
				list = append(list, int32(i))
			}
		}
	} else {
		for _, path := range listing.paths {
			if i, ok := r.findSource(path); ok && r.sources[i].facts == nil {
				list = append(list, int32(i))
			}
		}
	}
	for _, paths := range [][]string{changes.Paths, r.Tree.linked} {
		for _, path := range paths {
			i, _ := r.findSource(path)
			if i < len(r.sources) && r.sources[i].path == path {
				list = append(list, int32(i))
			}
			below := path + "/"
			if path == "." {
				below = ""
			}
			for i, _ = r.findSource(below); i < len(r.sources) && strings.HasPrefix(r.sources[i].path, below); i++ {
				list = append(list, int32(i))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// carryOver takes what is known of files from an earlier load. Both lists are
// sorted.
func carryOver(sources, prev []*source) {
	for i := range sources {
		for len(prev) > 0 && prev[0].path < sources[i].path {
			prev = prev[1:]
		}
		if len(prev) > 0 && prev[0].path == sources[i].path && prev[0].frontend == sources[i].frontend {
			sources[i] = prev[0]
		}
	}
}

// parseOutcome says how far the reading of a file had to go.
type parseOutcome struct {
	kind outcomeKind
	read int64
}

type outcomeKind uint8

const (
	sameStamp   outcomeKind = iota // not read
	sameContent                    // read, and equal
	equalFacts                     // parsed, and nothing that counts is another
	parsedAnew
)

// fileReader reads and parses files for one worker.
type fileReader struct {
	*Config
	walked  *Tree    // that a walk of just now made, perhaps with stamps; nil for none
	began   int64    // when the load began, in nanoseconds since 1970
	parsers []Parser // by front-end, made when first needed
	buf     []byte
	sorter  exportSorter
}

// renew brings what is known of a file up to date: it returns s, or another where
// something of it changed. One of which nothing is known yet it fills in.
func (r *fileReader) renew(s *source) (*source, parseOutcome) {
	known := s.facts != nil && s.problem == nil
	if known && s.stamp != (fsys.Stamp{}) && s.stamp == r.stamp(s.path) {
		return s, parseOutcome{kind: sameStamp}
	}
	p := r.parsers[s.frontend]
	if p == nil {
		p = r.Frontends[s.frontend].NewParser()
		r.parsers[s.frontend] = p
	}
	next := s
	if s.facts != nil {
		next = &source{path: s.path, frontend: s.frontend}
	}
	data, facts, stamp, err := r.read(p, s.path)
	if err != nil {
		problem := unreadable(s.path, err)
		if s.problem != nil && s.problem.Message == problem.Message {
			return s, parseOutcome{kind: sameContent}
		}
		next.facts, next.problem = &module.Facts{}, problem
		return next, parseOutcome{kind: parsedAnew}
	}
	outcome := parseOutcome{kind: parsedAnew, read: int64(len(data))}
	if cache.Stamp(stamp).Trusted(r.began) {
		next.stamp = stamp
	}
	if r.Digests {
		next.content = module.DigestOf(data)
		if known && next.content == s.content {
			next.facts = s.facts
			outcome.kind = sameContent
			return next, outcome
		}
	}
	if facts == nil {
		facts = p.Parse(s.path, data, r.Detail)
	}
	r.sorter.sort(facts.Exports)
	next.facts = facts
	if known && reflect.DeepEqual(facts, s.facts) {
		next.facts = s.facts
		outcome.kind = equalFacts
	}
	return next, outcome
}

// stamp is a file's stamp of now: that of the walk, if it asked for stamps.
func (r *fileReader) stamp(path string) fsys.Stamp {
	if r.walked != nil {
		if s := r.walked.stamp(path); s != (fsys.Stamp{}) {
			return s
		}
	}
	return stampOf(r.FS, path)
}

// read reads as much of a file as its imports need. Where it had to parse the
// head to know, it returns the facts too. The data is valid until the next call.
func (r *fileReader) read(p Parser, path string) ([]byte, *module.Facts, fsys.Stamp, error) {
	if hp, ok := p.(HeaderParser); ok && r.Detail == DetailImports {
		data, whole, stamp, err := r.FS.ReadPrefix(path, headerSize, r.buf)
		if err != nil {
			return nil, nil, stamp, err
		}
		r.buf = data
		if whole {
			return data, nil, stamp, nil
		}
		if facts, ok := hp.ParseHeader(path, data); ok {
			return data, facts, stamp, nil
		}
	}
	data, stamp, err := r.FS.ReadFile(path, r.buf)
	if err != nil {
		return nil, nil, stamp, err
	}
	if r.buf = data; cap(data) > maxKeptBuffer {
		r.buf = nil
	}
	return data, nil, stamp, nil
}

// CodeUnreadable is the code of the diagnostic of a file that cannot be read.
const CodeUnreadable = "unreadable"

// unreadable says that a file could not be read, in words that fit the cause.
func unreadable(path string, err error) *module.Diagnostic {
	msg := "the file vanished while it was being read; its imports are missing"
	if !errors.Is(err, fs.ErrNotExist) {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		msg = "cannot read the file: " + err.Error() + "; its imports are missing"
	}
	return &module.Diagnostic{Severity: module.Error, Code: CodeUnreadable, Span: module.Span{File: path}, Message: msg}
}
