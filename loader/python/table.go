package python

import (
	"maps"
	"slices"
)

// table is a TOML table of which the shape is not trusted.
type table map[string]any

func (t table) value(path ...string) any {
	var v any = map[string]any(t)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func (t table) table(path ...string) table {
	m, _ := t.value(path...).(map[string]any)
	return m
}

func (t table) text(path ...string) string {
	s, _ := t.value(path...).(string)
	return s
}

// texts returns a list of strings; one string alone is a list of one.
func (t table) texts(path ...string) []string {
	switch v := t.value(path...).(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}

func (t table) tables(path ...string) []table {
	v, _ := t.value(path...).([]any)
	var list []table
	for _, e := range v {
		if m, ok := e.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

func (t table) keys() []string { return slices.Sorted(maps.Keys(t)) }
