package loader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
	"github.com/eddy-build/eddy/module"
)

// TestVisit holds the order of the visits, what a refusal blocks, that a panic is
// an error of its module, and which modules an update visits.
func TestVisit(t *testing.T) {
	mem := fsys.MemOfText(`
-- a.toy --
import b
-- b.toy --
import c
-- c.toy --
text
-- lone.toy --
import c
-- x.toy --
import y
-- y.toy --
import x
`)
	var mu sync.Mutex
	var seen []string
	refuse := map[string]bool{}
	cfg := memConfig(mem)
	cfg.Detail = DetailExports
	cfg.Visit = func(_ context.Context, m *module.Module) error {
		name := strings.TrimSuffix(string(m.ID), ".toy")
		mu.Lock()
		seen = append(seen, name)
		mu.Unlock()
		switch {
		case m.Interface.IsZero():
			return errors.New("no interface yet")
		case refuse[name] && name == "y":
			panic("visitor")
		case refuse[name]:
			return &module.ValidationError{Module: m.ID, Validator: "test", Err: errors.New("not today")}
		}
		return nil
	}
	var r *Result
	step := func(what, want, problems string, edits ...string) {
		t.Helper()
		seen = nil
		for _, name := range edits {
			mem.Write(name, "def f "+what+"\nimport c\n")
		}
		var err error
		if r == nil {
			r, err = Load(context.Background(), cfg)
		} else {
			r, _, err = Update(context.Background(), cfg, r, Changes{Paths: edits})
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]string{{"c", "b"}, {"b", "a"}, {"c", "lone"}, {"x", "y"}} {
			first, then := slices.Index(seen, pair[0]), slices.Index(seen, pair[1])
			if first >= 0 && then >= 0 && first > then {
				t.Errorf("%s: %s is visited before %s", what, pair[1], pair[0])
			}
		}
		slices.Sort(seen)
		if got := strings.Join(seen, " "); got != want {
			t.Errorf("%s: visited %q, want %q", what, got, want)
		}
		var got []string
		for _, d := range r.Set.Diagnostics {
			message, _, _ := strings.Cut(d.Message, "\n")
			got = append(got, fmt.Sprint(d.Span.File, ": ", message, d.Notes))
		}
		if text := strings.Join(got, "; "); text != problems {
			t.Errorf("%s: problems\n%s\nwant\n%s", what, text, problems)
		}
	}
	refuse["b"], refuse["y"] = true, true
	refused := "b.toy: b.toy: refused by validator test: not today[1 modules downstream of it were not looked at]"
	panicked := "; y.toy: y.toy: panic: visitor[]"
	step("at first", "b c lone x y", refused+panicked)
	step("an edit elsewhere", "lone", refused+panicked, "lone.toy")
	refuse["b"], refuse["y"] = false, false
	step("what was refused is mended", "a b", panicked[2:], "b.toy")
	step("nothing", "", panicked[2:])
}
