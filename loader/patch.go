package loader

import "slices"

// A result's tables are sorted lists of pointers to values that do not change: a
// later result copies the pointers and replaces a few. So what two results share
// is told by comparing pointers, and an update costs what it changes and a copy of
// 8 bytes an entry.

// replacement is one change of a sorted list: the value of a key is now another,
// new, or gone where next is nil.
type replacement[K, T any] struct {
	key  K
	next *T
}

// ordered sorts changes by key. Of two changes of one key, which make a value go
// from one of two owners and come to the other, it keeps the one that comes.
func ordered[K, T any](changes []replacement[K, T], compare func(a, b K) int) []replacement[K, T] {
	slices.SortStableFunc(changes, func(a, b replacement[K, T]) int {
		switch c := compare(a.key, b.key); {
		case c != 0 || (a.next == nil) == (b.next == nil):
			return c
		case a.next == nil:
			return -1
		}
		return 1
	})
	kept := changes[:0]
	for _, c := range changes {
		if n := len(kept); n > 0 && compare(kept[n-1].key, c.key) == 0 {
			kept[n-1] = c
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

// patched returns a copy of a sorted list with some changes made, which are sorted
// by key, no key twice. O(n) in copied pointers, O(log n) comparisons a change.
func patched[K, T any](list []*T, changes []replacement[K, T], compare func(*T, K) int) []*T {
	out := make([]*T, 0, len(list)+len(changes))
	for _, c := range changes {
		i, found := slices.BinarySearchFunc(list, c.key, compare)
		out = append(out, list[:i]...)
		if found {
			i++
		}
		list = list[i:]
		if c.next != nil {
			out = append(out, c.next)
		}
	}
	return append(out, list...)
}

// differences walks two sorted lists and visits what they do not share: a value
// of one that the other lacks, with nil, and two values of one key.
func differences[T any](old, new []*T, compare func(a, b *T) int, visit func(old, new *T)) {
	for len(old) > 0 && len(new) > 0 {
		if old[0] == new[0] {
			n := 1
			for n < len(old) && n < len(new) && old[n] == new[n] {
				n++
			}
			old, new = old[n:], new[n:]
			continue
		}
		switch order := compare(old[0], new[0]); {
		case order < 0:
			visit(old[0], nil)
			old = old[1:]
		case order > 0:
			visit(nil, new[0])
			new = new[1:]
		default:
			visit(old[0], new[0])
			old, new = old[1:], new[1:]
		}
	}
	for _, v := range old {
		visit(v, nil)
	}
	for _, v := range new {
		visit(nil, v)
	}
}
