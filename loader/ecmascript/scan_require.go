package ecmascript

import "bytes"

// requireWord reads the word require, src[w:i], where an operand is expected: a
// call of the function, or a declaration of the name.
func (s *scanner) requireWord(w, i, pe int) {
	j := s.trivia(i)
	src := s.src
	switch src[j] {
	case '(', '.':
		if s.requireCall(w, i) {
			s.requires = append(s.requires, int32(len(s.records)-1))
		}
		return
	case '=':
		if src[j+1] == '>' {
			if !s.passed(len(s.frames)) {
				s.loneParam = i
			}
			return
		}
		if src[j+1] == '=' {
			return
		}
	case ',', ')', ':', '?':
	default:
		return
	}
	switch f := s.top(); f.kind {
	case kParams, kParen:
		if c := src[pe-1]; c != '(' && c != ',' {
			return
		}
		if f.kind == kParen && !s.passed(len(s.frames)-1) {
			f.flags |= fShadow
		} else if f.kind == kParams && !s.passed(len(s.frames)-2) {
			s.shadow()
		}
	default:
		if src[j] != '=' || !f.kind.statements() && f.kind != kHead {
			return
		}
		// A variable of that name. What createRequire makes is still require.
		if !bytes.Contains(src[j:min(j+200, s.end)], []byte("reateRequire")) {
			s.shadow()
		}
	}
}

// passed reports whether the function whose frame is frames[n] is an argument of
// a call. Whoever calls it passes the real require: AMD's define, the wrappers
// of UMD.
func (s *scanner) passed(n int) bool { return s.frames[n-1].kind == kArgs }

// requireCall reads a call of require, or of require.resolve, that goes on at i;
// w is where it begins. It reports whether it has recorded one.
func (s *scanner) requireCall(w, i int) bool {
	j := s.trivia(i)
	all := true
	if s.src[j] == '.' {
		if j = s.trivia(j + 1); !s.wordAt(j, "resolve") {
			return false
		}
		all = false
		j = s.trivia(j + len("resolve"))
	}
	if s.src[j] != '(' {
		return false
	}
	switch a := s.argumentAt(j); {
	case a.literal && (a.last || !all):
		s.addRequire(a.start, a.end, all)
		return true
	case !a.none:
		s.addDynamic(w, s.identifier(w))
		return true
	}
	return false
}

// createRequire reads the word that ends at i, which makes a require.
func (s *scanner) createRequire(i int) {
	if j := s.trivia(i); s.src[j] == '(' {
		s.creator = j
	}
}

// createdRequire reads what becomes of the require that a call, whose function's
// name is at w and which ends at i, has made: it is called, or it has a name that
// means require from here on.
func (s *scanner) createdRequire(w, i int) {
	if c := s.src[s.trivia(i)]; c == '(' || c == '.' {
		s.requireCall(w, i)
		return
	}
	// NAME = module.createRequire, perhaps with /* @__PURE__ */ between.
	before := s.src[max(0, w-maxDeclarator):w]
	for n := len(before); n > 0 && (class[before[n-1]]&clIdent != 0 || before[n-1] == '.'); n-- {
		before = before[:n-1]
	}
	before = bytes.TrimRight(before, " \t\r\n")
	if bytes.HasSuffix(before, []byte("*/")) {
		before = bytes.TrimRight(before[:max(0, bytes.LastIndex(before, []byte("/*")))], " \t\r\n")
	}
	before, ok := bytes.CutSuffix(before, []byte{'='})
	if !ok {
		return
	}
	before = bytes.TrimRight(before, " \t\r\n")
	start := len(before)
	for start > 0 && class[before[start-1]]&clIdent != 0 {
		start--
	}
	left := bytes.TrimRight(before[:start], " \t\r\n")
	if n := len(left); n > 0 && (left[n-1] == '.' || left[n-1] == ':') {
		return // a member, or the variable's type
	}
	if text := string(before[start:]); text != "" && text != "require" {
		s.addAlias(requireAlias{text: text})
	}
}

// maxDeclarator bounds how far before createRequire the name is looked for.
const maxDeclarator = 200

// wordBefore returns the offset of the word that ends before i.
func (s *scanner) wordBefore(i int) int {
	for i > 0 && class[s.src[i-1]]&clSpace != 0 {
		i--
	}
	for i > 0 && class[s.src[i-1]]&clIdent != 0 {
		i--
	}
	return i
}

func (s *scanner) addAlias(a requireAlias) {
	for _, b := range s.aliases {
		if a == b {
			return
		}
	}
	if len(s.aliases) < maxAliases {
		s.aliases = append(s.aliases, a)
	}
}

// maxAliases bounds what each word of a script is compared with.
const maxAliases = 8

// aliasWord reads the word src[w:i] of a script that has other names for
// require or createRequire.
func (s *scanner) aliasWord(w, i int) {
	for _, a := range s.aliases {
		if string(s.src[w:i]) != a.text {
			continue
		}
		if a.creator {
			s.createRequire(i)
		} else {
			s.requireCall(w, i)
		}
	}
}
