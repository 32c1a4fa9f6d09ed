package ecmascript

import "github.com/eddy-build/eddy/module"

// found is what the scanner has found in one script. Offsets are into the
// script; texts are read from it at the end.
type found struct {
	records  []record
	names    []name
	requires []int32 // indices of the records that a local name require takes away
	eager    []int32 // indices of the records that become deferred in a function's parameters
	tries    []tryBlock
	ambients []span // the names of declare module "x"
	aliases  []requireAlias
	problems []problem

	paramDocs []paramDoc
}

type span struct{ start, end int32 }

// record is one import, or one that cannot be read.
type record struct {
	span    // of the specifier with its quotes, or of the word import or require
	kind    module.ImportKind
	flags   module.ImportFlags
	dynamic bool // the specifier is not a literal
	dropped bool // it was no import after all
	names   int32
	nameEnd int32
	try     int32 // the try block it stands in, or 0
	ambient int32 // the ambient module it stands in, or 0
}

// name is one imported name. A zero span with a fixed text stands for a name
// that is not written.
type name struct {
	name  span
	alias span // empty where it is the same
	fixed string
	typed bool
}

// The names that are not written.
const (
	nameDefault = "default"
	nameAll     = "*"
)

// requireAlias is a name that stands for require or for createRequire.
type requireAlias struct {
	text    string
	creator bool
}

type problem struct {
	at      int32
	message string
}

// maxProblems bounds the diagnostics of a script: after the first few they
// follow from each other.
const maxProblems = 20

func (f *found) clear() {
	f.records, f.names, f.requires, f.eager = f.records[:0], f.names[:0], f.requires[:0], f.eager[:0]
	f.tries, f.ambients, f.aliases, f.problems = f.tries[:0], f.ambients[:0], nil, f.problems[:0]
	f.paramDocs = f.paramDocs[:0]
}

// checkpoint is a state of the lists to which a speculation can go back.
type checkpoint struct{ records, names, problems int }

func (f *found) mark() checkpoint {
	return checkpoint{len(f.records), len(f.names), len(f.problems)}
}

func (f *found) reset(c checkpoint) {
	f.records, f.names, f.problems = f.records[:c.records], f.names[:c.names], f.problems[:c.problems]
}

func (s *scanner) problem(at int, message string) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, problem{int32(at), message})
	}
}

// add records an import whose names are those since the index from.
func (s *scanner) add(start, end int, kind module.ImportKind, flags module.ImportFlags, from int) *record {
	s.records = append(s.records, record{
		span: span{int32(start), int32(end)}, kind: kind, flags: flags,
		names: int32(from), nameEnd: int32(len(s.names)), ambient: s.ambient,
	})
	return &s.records[len(s.records)-1]
}

// addAll records an import of all of a module, under no name.
func (s *scanner) addAll(start, end int, kind module.ImportKind, flags module.ImportFlags) *record {
	from := len(s.names)
	s.names = append(s.names, name{fixed: nameAll})
	return s.add(start, end, kind, flags, from)
}

// addRequire records a call of require whose argument is src[start:end].
func (s *scanner) addRequire(start, end int, all bool) {
	kind := module.Static
	if len(s.scopes) > 0 {
		kind = module.Deferred
	}
	var r *record
	if all {
		r = s.addAll(start, end, kind, module.Require)
	} else {
		r = s.add(start, end, kind, module.Require, len(s.names))
	}
	s.inTry(r)
}

// inTry notes the try block that the last record stands in.
func (s *scanner) inTry(r *record) {
	if r.try = s.try; r.try != 0 || r.kind == module.Static {
		s.eager = append(s.eager, int32(len(s.records)-1))
	}
}

// addDynamic records an import, by the word src[w:i], that cannot be read.
func (s *scanner) addDynamic(w, i int) {
	s.add(w, i, module.Deferred, 0, len(s.names)).dynamic = true
}

// deferSince makes the calls since an index of records deferred, and free of the
// try block around them: they stood in the parameters of an arrow function.
// Each is made so once.
func (s *scanner) deferSince(from int32) {
	for n := len(s.eager); n > 0 && s.eager[n-1] >= from; n = len(s.eager) {
		r := &s.records[s.eager[n-1]]
		r.kind, r.try = module.Deferred, 0
		s.eager = s.eager[:n-1]
	}
}

// dropRequires takes back the calls of require since an index of records: they
// called something else of that name. Each is taken back once.
func (s *scanner) dropRequires(from int32) {
	for n := len(s.requires); n > 0 && s.requires[n-1] >= from; n = len(s.requires) {
		s.records[s.requires[n-1]].dropped = true
		s.requires = s.requires[:n-1]
	}
}

// shadow notes that the current function declares a name require of its own.
func (s *scanner) shadow() {
	if n := len(s.scopes); n > 0 {
		s.frames[s.scopes[n-1]].flags |= fShadow
	}
}
