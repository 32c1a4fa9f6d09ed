package ecmascript

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// typescriptVersion is the version of the compiler that answers to the ranges
// of "typesVersions" and of conditions such as "types@>=5".
const typescriptVersion = "5.9.3"

// target is one value in an "exports" or "imports" map: a path, a list of
// alternatives, an object of conditions in the order in which they are written,
// or null.
type target struct {
	kind targetKind
	path string
	keys []string // of an object
	list []target // of an array, or the values of an object
}

type targetKind uint8

const (
	targetInvalid targetKind = iota
	targetNull
	targetPath
	targetList
	targetObject
)

// exportMap is a parsed "exports" or "imports" field.
type exportMap struct {
	main  *target // of the package itself; nil where it is not exported
	exact map[string]*target
	// open are the keys with a star or a trailing slash, the most particular
	// first.
	open []openKey
	// subpaths says that the keys are paths and not conditions.
	subpaths bool
}

type openKey struct {
	key            string
	prefix, suffix string
	star           bool
	target         *target
}

// parseTarget reads a value, keeping the order of its keys.
func parseTarget(raw json.RawMessage) (*target, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	t, err := decodeTarget(d, 0)
	if err != nil {
		return nil, false
	}
	return &t, true
}

// maxTargetDepth bounds the nesting of conditions. Real maps nest four deep.
const maxTargetDepth = 64

var errDeepTarget = errors.New("nested too deep")

func decodeTarget(d *json.Decoder, depth int) (target, error) {
	if depth > maxTargetDepth {
		return target{}, errDeepTarget
	}
	token, err := d.Token()
	if err != nil {
		return target{}, err
	}
	switch v := token.(type) {
	case nil:
		return target{kind: targetNull}, nil
	case string:
		return target{kind: targetPath, path: v}, nil
	case json.Delim:
		t := target{kind: targetList}
		if v == '{' {
			t.kind = targetObject
		}
		for d.More() {
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return target{}, err
				}
				t.keys = append(t.keys, key.(string))
			}
			value, err := decodeTarget(d, depth+1)
			if err != nil {
				return target{}, err
			}
			t.list = append(t.list, value)
		}
		if _, err := d.Token(); err != nil {
			return target{}, err
		}
		return t, nil
	}
	return target{kind: targetInvalid}, nil
}

// parseExports reads the field "exports"; nil where there is none.
func parseExports(raw json.RawMessage) *exportMap {
	t, ok := parseTarget(raw)
	if !ok || t.kind == targetNull || t.kind == targetInvalid || t.kind == targetPath && t.path == "" {
		return nil
	}
	m := new(exportMap)
	if t.kind != targetObject {
		m.main = t
		return m
	}
	dotted := 0
	for _, key := range t.keys {
		if strings.HasPrefix(key, ".") {
			dotted++
		}
	}
	if dotted == 0 {
		m.main = t
	}
	// Keys of both sorts are an error; like the compiler, read then what "."
	// says and nothing else.
	if m.subpaths = dotted == len(t.keys); m.subpaths {
		m.addKeys(t)
	}
	if i := slices.Index(t.keys, "."); i >= 0 {
		m.main = &t.list[i]
	}
	return m
}

// parseImports reads the field "imports"; nil where there is none.
func parseImports(raw json.RawMessage) *exportMap {
	t, ok := parseTarget(raw)
	if !ok || t.kind != targetObject {
		return nil
	}
	m := &exportMap{subpaths: true}
	m.addKeys(t)
	return m
}

func (m *exportMap) addKeys(t *target) {
	m.exact = make(map[string]*target, len(t.keys))
	for i, key := range t.keys {
		m.exact[key] = &t.list[i]
		star := strings.IndexByte(key, '*')
		switch {
		case star >= 0 && strings.LastIndexByte(key, '*') == star:
			m.open = append(m.open, openKey{key, key[:star], key[star+1:], true, &t.list[i]})
		case star < 0 && strings.HasSuffix(key, "/"):
			m.open = append(m.open, openKey{key: key, prefix: key, target: &t.list[i]})
		}
	}
	slices.SortStableFunc(m.open, func(a, b openKey) int {
		lenA, lenB := len(a.prefix), len(b.prefix)
		if a.star {
			lenA++
		}
		if b.star {
			lenB++
		}
		switch {
		case lenA != lenB:
			return lenB - lenA
		case a.star != b.star:
			if b.star {
				return 1
			}
			return -1
		}
		return len(b.key) - len(a.key)
	})
}

// match finds the entry for a subpath ("./x", "#x"): its target, the key that
// answers, and what the key's star or trailing slash stands for.
func (m *exportMap) match(subpath string) (t *target, key, rest string, star bool) {
	if !strings.HasSuffix(subpath, "/") && !strings.Contains(subpath, "*") {
		if t := m.exact[subpath]; t != nil {
			return t, subpath, "", false
		}
	}
	for i := range m.open {
		o := &m.open[i]
		if !strings.HasPrefix(subpath, o.prefix) {
			continue
		}
		if o.star {
			if len(subpath) >= len(o.prefix)+len(o.suffix) && strings.HasSuffix(subpath, o.suffix) {
				return o.target, o.key, subpath[len(o.prefix) : len(subpath)-len(o.suffix)], true
			}
			continue
		}
		return o.target, o.key, subpath[len(o.prefix):], false
	}
	return nil, "", "", false
}

// expand puts what a star or a trailing slash stands for into a target's path.
// It reports false where the target is not valid.
func (t *target) expand(rest string, star bool) (string, bool) {
	if !star {
		if rest != "" && !strings.HasSuffix(t.path, "/") {
			return "", false
		}
		return t.path + rest, true
	}
	return strings.ReplaceAll(t.path, "*", rest), true
}

// staysInside reports whether a path, after its leading "./", has no segment
// that Node forbids in a target.
func staysInside(p string) bool {
	for seg := range strings.SplitSeq(strings.TrimPrefix(p, "./"), "/") {
		if seg == ".." || seg == "." || seg == "node_modules" {
			return false
		}
	}
	return true
}

// conditions are those that hold for one import.
type conditions []string

// holds reports whether a key of an object of conditions applies.
func (c conditions) holds(key string) bool {
	if key == "default" || slices.Contains(c, key) {
		return true
	}
	versions, ok := strings.CutPrefix(key, "types@")
	return ok && slices.Contains(c, "types") && holdsVersion(versions)
}

// holdsVersion reports whether a range of versions holds the compiler's.
func holdsVersion(versions string) bool {
	r, err := semver.NewConstraint(versions)
	if err != nil {
		return false
	}
	v, err := semver.NewVersion(typescriptVersion)
	return err == nil && r.Check(v)
}

// parseTypesVersions reads the paths of the first range that holds the
// compiler's version.
func parseTypesVersions(raw json.RawMessage) ([]pathPattern, bool) {
	t, ok := parseTarget(raw)
	if !ok || t.kind != targetObject {
		return nil, false
	}
	for i, versions := range t.keys {
		if !holdsVersion(versions) {
			continue
		}
		paths := &t.list[i]
		if paths.kind != targetObject {
			return nil, false
		}
		var list []pathPattern
		for k, key := range paths.keys {
			var targets []string
			for _, v := range paths.list[k].list {
				if v.kind == targetPath {
					targets = append(targets, v.path)
				}
			}
			list = append(list, newPathPattern(key, targets))
		}
		return list, true
	}
	return nil, false
}

// paths lists the paths that a target can lead to under some conditions, in
// their order; all conditions hold where c is nil.
func (t *target) paths(rest string, star bool, c conditions) []string {
	switch t.kind {
	case targetPath:
		if p, ok := t.expand(rest, star); ok && strings.HasPrefix(p, "./") && staysInside(p) {
			return []string{p}
		}
	case targetList, targetObject:
		var list []string
		for i := range t.list {
			if t.kind == targetList || c == nil || c.holds(t.keys[i]) {
				list = append(list, t.list[i].paths(rest, star, c)...)
			}
		}
		return list
	}
	return nil
}
