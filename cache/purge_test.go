package cache

import "testing"

func TestSymbolsPurge(t *testing.T) {
	s := NewSymbols([4]Limits{}, func(int) int64 { return 1 })
	s.Put(ClassTypes, Key{"m", "a"}, 1)
	s.Put(ClassSymbols, Key{"m", "b"}, 1)
	s.Purge()
	for _, st := range s.Stats() {
		if st.Entries != 0 || st.Bytes != 0 {
			t.Errorf("after a purge %+v", st)
		}
	}
	if _, ok := s.Get(ClassTypes, Key{"m", "a"}); ok {
		t.Error("an entry outlives a purge")
	}
}
