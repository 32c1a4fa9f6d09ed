package eddy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/eddy-build/eddy/internal/spell"
	"github.com/eddy-build/eddy/module"
)

// maxSuggestions is how many IDs an error proposes.
const maxSuggestions = 3

// nearest returns the IDs that are most like a query, best first: those that end
// in it, then those within a small edit distance of their whole or their last
// part.
func (s *Snapshot) nearest(query string) []module.ID {
	type candidate struct {
		id       module.ID
		distance int
	}
	var list []candidate
	limit := max(2, len(query)/3)
	lower := strings.ToLower(query)
	for _, m := range s.set().Modules {
		id := strings.ToLower(string(m.ID))
		var d int
		switch {
		case id == lower:
			d = 0
		case strings.HasSuffix(id, "/"+lower) || strings.HasSuffix(id, ":"+lower):
			d = 1
		default:
			d = min(spell.Distance(lower, id, limit), spell.Distance(lower, id[strings.LastIndexByte(id, '/')+1:], limit),
				spell.Distance(lower, strings.ToLower(m.Name), limit))
		}
		if d <= limit {
			list = append(list, candidate{m.ID, d})
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(len(a.id), len(b.id)), a.id.Compare(b.id))
	})
	ids := make([]module.ID, 0, maxSuggestions)
	for _, c := range list[:min(len(list), maxSuggestions)] {
		ids = append(ids, c.id)
	}
	return ids
}
