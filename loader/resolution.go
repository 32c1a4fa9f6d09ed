package loader

import (
	"bytes"
	"hash/maphash"
	"slices"

	"github.com/eddy-build/eddy/module"
)

// Resolution collects what a [Resolver] concludes about one import. The loader
// reuses it from import to import; a resolver must not keep it.
//
// A resolver probes the workspace through File and Dir, so that every path that
// was looked for and not found is known: a new file there can change the
// answer. It ends with any number of calls to To and External, or with one to
// Fail; an import that means no dependency (import "C") ends with none of them.
type Resolution struct {
	Targets []Target
	Rule    string   // which rule answered, for explain
	Reason  string   // why nothing answers; empty where something does
	Probed  []string // the paths that were looked for and not found, in order
	// Closed is the module that is there and may not be imported: see
	// [module.Unresolved].
	Closed module.ID

	tree   *Tree
	probes []uint64 // hashes of all that was asked for, found or not
	missed []byte   // the paths that Missed was told of, one after the other
	ends   []int    // where each of them ends
	folder []byte   // of the last path that was not there
	key    []byte   // scratch
}

// Target is one module that an import leads to.
type Target struct {
	ID   module.ID
	Kind module.ImportKind
	// Declared is what the manifest that governs the importer says of the
	// target's package; the resolver sets it after To or External.
	Declared module.Declared
	// External describes a module outside the workspace. Nil for a module of
	// the workspace: one that a resolver listed, or else an asset of that path.
	External *module.Module
}

// NewResolution returns a resolution that probes a tree.
func NewResolution(tree *Tree) *Resolution { return &Resolution{tree: tree} }

// Reset makes r ready for the next import.
func (r *Resolution) Reset() {
	r.Targets, r.Probed = r.Targets[:0], r.Probed[:0]
	r.Rule, r.Reason, r.Closed = "", "", ""
	r.probes = r.probes[:0]
	r.missed, r.ends = r.missed[:0], r.ends[:0]
	r.folder = r.folder[:0]
}

// File reports whether path is a file: of the workspace, ignored or not, or
// outside it ("../x").
func (r *Resolution) File(path string) bool {
	r.probe(path, "")
	if r.tree.File(path) || r.tree.presence(path) == isFile {
		return true
	}
	r.above([]byte(path))
	r.Probed = append(r.Probed, path)
	return false
}

// Dir is File for a folder.
func (r *Resolution) Dir(path string) bool {
	r.probe(path, "")
	if r.tree.Dir(path) || r.tree.presence(path) == isDir {
		return true
	}
	r.above([]byte(path))
	r.Probed = append(r.Probed, path)
	return false
}

// Folder returns what is in a folder of the workspace, or nil.
func (r *Resolution) Folder(path string) *Folder {
	r.probe(path, "/")
	return r.tree.Folder(path)
}

// Found and Missed are for a resolver that answers from an index of its own: they
// record a probe that it made there, of a file or a folder of the tree.
func (r *Resolution) Found(path string) { r.probe(path, "") }

// Missed records a path that is not there; it is given in parts, and put
// together only for the message of a failure.
func (r *Resolution) Missed(parts ...string) {
	start := len(r.missed)
	for _, p := range parts {
		r.missed = append(r.missed, p...)
	}
	r.ends = append(r.ends, len(r.missed))
	r.probes = append(r.probes, maphash.Bytes(probeSeed, r.missed[start:]))
	r.above(r.missed[start:])
	if len(r.tree.aliases) > 0 {
		r.probe(string(r.missed[start:]), "")
	}
}

// Asked records a probe of which no failure tells: of a path, given in parts, the
// first of which may be "." for the root where the second is a slash.
func (r *Resolution) Asked(parts ...string) {
	if len(parts) > 1 && parts[0] == "." && parts[1] == "/" {
		parts = parts[2:]
	}
	r.key = r.key[:0]
	for _, p := range parts {
		r.key = append(r.key, p...)
	}
	r.probes = append(r.probes, maphash.Bytes(probeSeed, r.key))
	if len(r.tree.aliases) > 0 {
		r.probe(string(r.key), "")
	}
}

// Consult records that the conclusion takes into account what the resolver has
// under a key; see [ComparableResolver].
func (r *Resolution) Consult(kind byte, name string) {
	r.key = append(append(r.key[:0], 0, kind), name...)
	r.probes = append(r.probes, maphash.Bytes(probeSeed, r.key))
}

// probeHash stands for a key among the hashes of paths.
func (k Key) probeHash() uint64 { return probeHash(string([]byte{0, k.Kind}) + k.Name) }

// above notes that the folders above a path that is not there were asked for:
// where a search ends, and what it says, depends on which of them are there. The
// misses of one import lie in few folders, most often one after the other.
func (r *Resolution) above(path []byte) {
	i := bytes.LastIndexByte(path, '/')
	if i < 0 || bytes.Equal(path[:i], r.folder) {
		return
	}
	r.folder = append(r.folder[:0], path[:i]...)
	for dir := r.folder; i > 0; i = bytes.LastIndexByte(dir, '/') {
		dir = dir[:i]
		r.probes = append(r.probes, maphash.Bytes(probeSeed, dir))
	}
}

// probe notes that a path was asked for, also where its links lead.
func (r *Resolution) probe(path, suffix string) {
	r.probes = append(r.probes, probeHash(path+suffix))
	if real := r.tree.Real(path); real != path {
		r.probes = append(r.probes, probeHash(real+suffix))
	}
}

// To concludes a dependency on a module of the workspace, by a rule. An ID that
// goes through a link to a folder of the tree becomes that of the module there.
func (r *Resolution) To(id module.ID, kind module.ImportKind, rule string) {
	id = module.ID(r.tree.throughFolders(string(id)))
	r.Targets = append(r.Targets, Target{ID: id, Kind: kind})
	if r.Rule == "" {
		r.Rule = rule
	}
}

// External concludes a dependency on a module outside the workspace. Of several
// descriptions of one ID the loader keeps one, so all must be equal.
func (r *Resolution) External(m *module.Module, kind module.ImportKind, rule string) {
	r.Targets = append(r.Targets, Target{ID: m.ID, Kind: kind, External: m})
	if r.Rule == "" {
		r.Rule = rule
	}
}

// Close is Fail where a module of the workspace is there and closed to the
// importer.
func (r *Resolution) Close(id module.ID, reason string) {
	r.Closed = module.ID(r.tree.throughFolders(string(id)))
	r.Fail(reason)
}

// Fail concludes that the import leads nowhere. The paths probed so far go with
// the reason.
func (r *Resolution) Fail(reason string) {
	r.Reason = reason
	text, start := string(r.missed), 0
	for _, end := range r.ends {
		if p := text[start:end]; !slices.Contains(r.Probed, p) {
			r.Probed = append(r.Probed, p)
		}
		start = end
	}
	r.missed, r.ends = r.missed[:0], r.ends[:0]
}
