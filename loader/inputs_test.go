package loader

import (
	"syscall"
	"testing"

	"github.com/eddy-build/eddy/internal/fsys"
)

// TestInputsRead holds that what a manifest said when it was read is not taken
// for what it says now: not where it could not be read for a reason that its
// stamp does not tell, and not where its path leads to another file right after.
func TestInputsRead(t *testing.T) {
	replace := func(m *fsys.Mem) {
		m.Before(nil)
		m.Rename("toy.conf", "third")
		m.Rename("next/toy.conf", "toy.conf")
		m.Rename("third", "next/toy.conf")
	}
	for name, tt := range map[string]struct {
		before func(m *fsys.Mem, op string) // a call on the manifest
		after  func(m *fsys.Mem)            // the load, where no call on the manifest came
	}{
		"no rights": {
			before: func(m *fsys.Mem, op string) {
				if op == "readfile" {
					m.Fail("toy.conf", syscall.EACCES)
				} else {
					m.Fail("toy.conf", nil)
				}
			},
			after: func(m *fsys.Mem) {
				m.Before(nil)
				m.Fail("toy.conf", nil)
			},
		},
		"another file": {
			before: func(m *fsys.Mem, op string) {
				if op == "stat" {
					replace(m)
				}
			},
			after: replace,
		},
	} {
		t.Run(name, func(t *testing.T) {
			mem := fsys.MemOf(map[string]string{
				"main.toy": "import alias", "lib/a.toy": "", "lib/b.toy": "",
				"toy.conf": "alias=lib/a", "next/toy.conf": "alias=lib/b",
			})
			cfg := memConfig(mem)
			mem.Before(func(op, name string) {
				if name == "toy.conf" {
					tt.before(mem, op)
				}
			})
			s := stored(t, load(t, cfg))
			if data, _, err := mem.ReadFile("next/toy.conf", nil); err != nil || string(data) == "alias=lib/b" {
				tt.after(mem)
			}
			if Unchanged(t.Context(), cfg, s) {
				t.Error("taken for unchanged")
			}
			r, err := Resume(t.Context(), cfg, func() *Result { return Restore(must(s.State()), cfg.Frontends) })
			if err != nil {
				t.Fatal(err)
			}
			if got, want := dump(r.Set), dump(load(t, cfg).Set); got != want {
				t.Errorf("a start out of the store gives\n%s\nand a load\n%s", got, want)
			}
		})
	}
}
