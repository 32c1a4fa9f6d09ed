package graphtest_test

import (
	"testing"

	"github.com/eddy-build/eddy/internal/graphtest"
)

func TestFormatIsTheInverseOfParse(t *testing.T) {
	for _, text := range []string{
		"",
		"a",
		"a -> b",
		"a -> a b*3; b -type-> a; b -deferred-> c; c -implicit-> b; d",
	} {
		if got := graphtest.Format(graphtest.Parse(text)); got != text {
			t.Errorf("got  %s\nwant %s", got, text)
		}
	}
	if got := graphtest.Format(graphtest.Parse("\nb -> a\n\n a -> b; b -> a\n")); got != "a -> b; b -> a*2" {
		t.Errorf("got %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"a b", "a ->", "a -all-> b", "a -static,type-> b", "a static-> b", "a -> b*x", "a -> b*0"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was read", text)
				}
			}()
			graphtest.Parse(text)
		}()
	}
}
