package loader

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/eddy-build/eddy/module"
	"pgregory.net/rapid"
)

// TestSearch compares the search by words of bits with one byte by byte.
func TestSearch(t *testing.T) {
	inWord := func(c byte) bool {
		return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	for c := range 256 {
		if have := wordBytes(uint64(c)<<16) != 0; have != inWord(byte(c)) {
			t.Errorf("byte %#x: in a word: %v", c, have)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]byte("aZ09_$ .:\x80\xff@[`{/`")), rapid.Byte()), 0, 200).Draw(t, "text"))
		var want []string
		for i := 0; i < len(text); i++ {
			start := i
			for i < len(text) && inWord(text[i]) {
				i++
			}
			if i > start {
				want = append(want, text[start:i])
			}
		}
		// Of those with a meaning, each is found once.
		var v vocabulary
		v.clear()
		known := map[string]bool{}
		for n, word := range want {
			if n%3 == 0 {
				v.add(word, meaning{})
				known[word] = true
			}
		}
		v.search(text, func(word string) {
			if !slices.Contains(want, word) {
				t.Fatalf("%q: %q is no word of it", text, word)
			}
			if v.take(word) != nil {
				delete(known, word)
			}
		})
		if len(known) > 0 {
			t.Fatalf("%q: %v are not found", text, known)
		}
	})
}

// TestVocabulary holds that the filter lets every word through that has a meaning.
func TestVocabulary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringN(1, 12, -1)).Draw(t, "words")
		var v vocabulary
		for range 2 {
			v.clear()
			for n, word := range words {
				v.add(word, meaning{private: int32(n)})
			}
			seen := map[string]bool{}
			for _, word := range words {
				if !seen[word] && !v.may(word) {
					t.Fatalf("%q does not pass the filter", word)
				}
				seen[word] = true
				for _, m := range v.take(word) {
					if words[m.private] != word {
						t.Fatalf("%q means %d, which is %q", word, m.private, words[m.private])
					}
				}
				if v.take(word) != nil || v.may(word) {
					t.Fatalf("%q is taken twice", word)
				}
			}
		}
	})
}

// TestFacerHashes holds that a face is the digest of the same bytes whatever is
// hashed when.
func TestFacerHashes(t *testing.T) {
	f := newFacer()
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		m := &module.Module{Language: module.TypeScript}
		all := []byte("\x0atypescript")
		for n := range 1 + random.IntN(6) {
			e := module.Export{Name: string(rune('a' + n)), Signature: strings.Repeat("s", random.IntN(3*maxUnhashed))}
			m.Exports = append(m.Exports, e)
			all = append(all, 1, e.Name[0], 0, 0)
			all = binary.AppendUvarint(all, uint64(len(e.Signature)))
			all = append(append(all, e.Signature...), 0)
		}
		all = append(all, 0, 1, 0)
		if want := module.Digest(sha256.Sum256(all)); f.of(m).base != want {
			t.Fatalf("%d exports: the face is another", len(m.Exports))
		}
	}
}
