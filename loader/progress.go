package loader

import "sync"

// Progress tells how far a load has come.
type Progress struct {
	Stage Stage
	Done  int
	Total int // 0 where it is not known
}

// Stage is one step of a load.
type Stage uint8

// The stages, in order.
const (
	StageWalk Stage = iota
	StageParse
	StageIndex
	StageResolve
	StageLink
)

var stageNames = [...]string{"walk", "parse", "index", "resolve", "link"}

// String returns "walk", "parse", "index", "resolve" or "link".
func (s Stage) String() string { return stageNames[s] }

// ticker passes on the progress of a stage, about a hundred times in all, one
// call at a time and never backwards.
type ticker struct {
	report func(Progress)
	stage  Stage
	total  int
	step   int

	mu   sync.Mutex
	done int
}

func newTicker(report func(Progress), stage Stage, total int) *ticker {
	report(Progress{Stage: stage, Total: total})
	return &ticker{report: report, stage: stage, total: total, step: max(total/100, 1)}
}

// add notes that n more items are done.
func (t *ticker) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.done
	t.done += n
	if before/t.step != t.done/t.step || t.done == t.total {
		t.report(Progress{Stage: t.stage, Done: t.done, Total: t.total})
	}
}
