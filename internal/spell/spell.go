// Package spell finds the names that a misspelt one may have meant.
package spell

import (
	"cmp"
	"slices"
	"strings"
)

// maxNearest is how many names are proposed.
const maxNearest = 3

// Nearest returns those of the candidates that are most like a name, best first,
// at most three of them: the same but for case, then by edit distance up to a
// third of the name's length. O(n·len) time.
func Nearest(name string, candidates []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var list []candidate
	limit := max(1, len(name)/3)
	lower := strings.ToLower(name)
	for _, c := range candidates {
		if d := Distance(lower, strings.ToLower(c), limit); d <= limit && c != name {
			list = append(list, candidate{c, d})
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	list = slices.Compact(list)
	names := make([]string, 0, maxNearest)
	for _, c := range list[:min(len(list), maxNearest)] {
		names = append(names, c.name)
	}
	return names
}

// Distance is the Levenshtein distance of two strings in bytes, or limit+1 where
// it is greater than limit. O(len(a)·len(b)) time.
func Distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal, best := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			above := row[j]
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, above, row[j-1])
			}
			row[j], diagonal = cost, above
			best = min(best, cost)
		}
		if best > limit {
			return limit + 1
		}
	}
	return min(row[len(b)], limit+1)
}
