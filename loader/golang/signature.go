package golang

// signature gathers the text of a declaration: its tokens with one space where
// white space or comments stood, so that a comment or another line break leaves
// it equal.
type signature struct {
	text []byte
}

func (s *signature) reset(start string) { s.text = append(s.text[:0], start...) }

// add appends the token of l.
func (s *signature) add(l *lexer) {
	last := byte(0)
	if n := len(s.text); n > 0 {
		last = s.text[n-1]
	}
	if l.kind == kindSemicolon {
		if last != '{' && last != ';' && last != '(' {
			s.text = append(s.text, ';')
		}
		return
	}
	closing := l.kind == ')' || l.kind == ']' || l.kind == '}'
	if closing && (last == ',' || last == ';') {
		s.text = s.text[:len(s.text)-1]
	}
	opened := last == '(' || last == '['
	if last == ';' || l.gap && last != 0 && last != ' ' && !opened && l.kind != ')' && l.kind != ']' && l.kind != ',' {
		s.text = append(s.text, ' ')
	}
	s.text = append(s.text, l.text()...)
}

// word appends a word of its own.
func (s *signature) word(w string) {
	s.text = append(s.text, ' ')
	s.text = append(s.text, w...)
}
