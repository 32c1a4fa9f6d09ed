package loader

import "testing"

func TestPathSetWithin(t *testing.T) {
	some := newPathSet([]string{"a", "b/c", "../up"})
	for path, want := range map[string]bool{
		"a": true, "a/x": true, "a/x/y": true, "ab": false, "b": false, "b/c/d": true, "b/cd": false,
		"../up/x": true, "../upper": false, "": false, "/a": false,
	} {
		if got := some.within(path); got != want {
			t.Errorf("within(%q) = %v, want %v", path, got, want)
		}
	}
	if all := newPathSet([]string{"."}); !all.within("x/y") || !all.within("x") {
		t.Error("not all is within the root")
	}
}
