package loader

import (
	"bytes"
	"strconv"
	"strings"
)

// pattern is one line of an ignore file.
type pattern struct {
	reason  string // "file:line: text", for explain
	negated bool   // "!": what matches is not ignored
	dirOnly bool   // a slash at the end: matches folders alone
	inPath  bool   // matched with the path below the ignore file, not with the name
	literal string // what the path or name begins with, byte for byte
	rest    glob   // what follows the literal; nil where nothing does
}

// parsePattern reads one line of an ignore file, without its end. It reports
// false for a line that holds no pattern.
func parsePattern(line string) (pattern, bool) {
	if i := strings.IndexByte(line, 0); i >= 0 {
		line = line[:i] // as git, for which it ends the string
	}
	if line == "" || line[0] == '#' {
		return pattern{}, false
	}
	line = trimSpaces(line)
	var p pattern
	if strings.HasPrefix(line, "!") {
		p.negated = true
		line = line[1:]
	}
	if strings.HasSuffix(line, "/") {
		p.dirOnly = true
		line = line[:len(line)-1]
	}
	if line == "" {
		return pattern{}, false
	}
	p.inPath = strings.Contains(line, "/")
	if p.inPath {
		line = strings.TrimPrefix(line, "/")
	}
	n := strings.IndexAny(line, `*?[\`)
	if n < 0 {
		p.literal = line
		return p, true
	}
	// Git compares the text before the first special byte by itself, so that
	// "**" right after it counts as leading: "a**/b" matches "ax/y/b".
	p.literal = line[:n]
	rest, ok := compileGlob(line[n:], p.inPath)
	if !ok {
		return pattern{}, false // can never match
	}
	p.rest = rest
	return p, true
}

// trimSpaces cuts the spaces at the end of a line, save one after a backslash.
func trimSpaces(line string) string {
	end := 0 // after the last byte that stays
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			if i++; i == len(line) {
				return line
			}
		}
		end = i + 1
	}
	return line[:end]
}

// match reports whether the pattern matches a path below its ignore file, whose
// last name begins at nameAt.
func (p *pattern) match(path []byte, nameAt int, dir bool) bool {
	if p.dirOnly && !dir {
		return false
	}
	text := path
	if !p.inPath {
		text = path[nameAt:]
	}
	if len(text) < len(p.literal) || string(text[:len(p.literal)]) != p.literal {
		return false
	}
	text = text[len(p.literal):]
	if p.rest == nil {
		return len(text) == 0
	}
	return p.rest.match(text)
}

// patterns is one ignore file. The last pattern that matches decides; the
// patterns of the two commonest shapes are found by a look in a table.
type patterns struct {
	list  []pattern
	names map[string][]int32 // patterns that are a name, by it
	exts  map[string][]int32 // patterns "*.x", by ".x"
	other []int32            // all the rest
}

// parsePatterns reads an ignore file. The file's name is for the reasons.
func parsePatterns(file string, data []byte) *patterns {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := new(patterns)
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimSuffix(line, "\n")
		line = strings.TrimSuffix(line, "\r")
		p.add(file+":"+strconv.Itoa(number)+": ", line)
	}
	return p.orNil()
}

// patternList reads patterns that stand in a list.
func patternList(place string, list []string) *patterns {
	p := new(patterns)
	for _, line := range list {
		p.add(place+": ", line)
	}
	return p.orNil()
}

// orNil returns nil for a file without patterns, so that it costs nothing.
func (p *patterns) orNil() *patterns {
	if len(p.list) == 0 {
		return nil
	}
	return p
}

func (p *patterns) add(place, line string) {
	one, ok := parsePattern(line)
	if !ok {
		return
	}
	one.reason = place + line
	i := int32(len(p.list))
	p.list = append(p.list, one)
	switch {
	case !one.inPath && one.rest == nil:
		if p.names == nil {
			p.names = make(map[string][]int32)
		}
		p.names[one.literal] = append(p.names[one.literal], i)
	case !one.inPath && one.literal == "" && one.rest.extension() != "":
		if p.exts == nil {
			p.exts = make(map[string][]int32)
		}
		ext := one.rest.extension()
		p.exts[ext] = append(p.exts[ext], i)
	default:
		p.other = append(p.other, i)
	}
}

// match returns the last pattern that matches a path below the ignore file, or
// nil.
func (p *patterns) match(path []byte, nameAt int, dir bool) *pattern {
	best := int32(-1)
	name := path[nameAt:]
	if p.names != nil {
		best = p.last(p.names[string(name)], best, dir)
	}
	if p.exts != nil {
		if dot := bytes.LastIndexByte(name, '.'); dot >= 0 {
			best = p.last(p.exts[string(name[dot:])], best, dir)
		}
	}
	for k := len(p.other) - 1; k >= 0 && p.other[k] > best; k-- {
		if p.list[p.other[k]].match(path, nameAt, dir) {
			best = p.other[k]
		}
	}
	if best < 0 {
		return nil
	}
	return &p.list[best]
}

// last returns the last of some patterns whose text is known to match, or best
// if that is later.
func (p *patterns) last(list []int32, best int32, dir bool) int32 {
	for k := len(list) - 1; k >= 0 && list[k] > best; k-- {
		if dir || !p.list[list[k]].dirOnly {
			return list[k]
		}
	}
	return best
}
