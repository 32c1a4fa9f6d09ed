package ecmascript

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// shrink makes a tree smaller for as long as it still fails: without files, lines
// of imports, and parts of JSON.
func shrink(tree *randomTree, fails func(*randomTree) bool) *randomTree {
	try := func(change func(*randomTree)) bool {
		smaller := &randomTree{maps.Clone(tree.files), maps.Clone(tree.links), tree.packages, tree.build}
		change(smaller)
		if !fails(smaller) {
			return false
		}
		tree = smaller
		return true
	}
	for again := true; again; {
		again = false
		for _, name := range slices.Sorted(maps.Keys(tree.files)) {
			if slices.Contains(tree.build, name) {
				continue
			}
			text := tree.files[name]
			if try(func(s *randomTree) { delete(s.files, name) }) {
				again = true
				continue
			}
			for _, smaller := range smallerTexts(name, text) {
				if try(func(s *randomTree) { s.files[name] = smaller }) {
					again = true
					break
				}
			}
		}
	}
	return tree
}

// smallerTexts lists what a file may be replaced by.
func smallerTexts(name, text string) (list []string) {
	if !strings.HasSuffix(name, ".json") {
		lines := strings.SplitAfter(text, "\n")
		for i := range len(lines) - 1 {
			list = append(list, strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
		}
		return list
	}
	d := json.NewDecoder(strings.NewReader(text))
	value, err := decodeOrdered(d)
	if err != nil {
		return nil
	}
	for _, v := range smallerValues(value) {
		if o, ok := v.(ordered); ok {
			text, _ := json.Marshal(o)
			list = append(list, string(text))
		}
	}
	return list
}

// decodeOrdered reads a value whose objects keep the order of their keys.
func decodeOrdered(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := decodeOrdered(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	case json.Delim('{'):
		o := ordered{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := decodeOrdered(d)
			if err != nil {
				return nil, err
			}
			o = append(o, entry{key.(string), v})
		}
		_, err := d.Token()
		return o, err
	}
	return token, nil
}

// smallerValues lists a value without one of its parts, its parts in its place,
// and it with a part made smaller.
func smallerValues(value any) (list []any) {
	switch v := value.(type) {
	case []any:
		for i := range v {
			list = append(list, slices.Delete(slices.Clone(v), i, i+1))
		}
		for i, part := range v {
			list = append(list, part)
			for _, smaller := range smallerValues(part) {
				with := slices.Clone(v)
				with[i] = smaller
				list = append(list, with)
			}
		}
	case ordered:
		for i := range v {
			list = append(list, slices.Delete(slices.Clone(v), i, i+1))
		}
		for i, part := range v {
			list = append(list, part.value)
			for _, smaller := range smallerValues(part.value) {
				with := slices.Clone(v)
				with[i].value = smaller
				list = append(list, with)
			}
		}
	}
	return list
}
