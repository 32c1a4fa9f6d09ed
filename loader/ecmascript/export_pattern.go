package ecmascript

// pattern adds an item for each name that the pattern at i binds.
func (r *exportReader) pattern(i, limit int, it item) {
	s := r.s
	r.brackets = append(r.brackets[:0], s.src[i])
	bind := func(i int) int {
		end := s.identifier(i)
		it.at = r.span(i, end)
		r.add(it)
		return end
	}
	i = s.trivia(i + 1)
	for i < limit && len(r.brackets) > 0 {
		object := r.brackets[len(r.brackets)-1] == '{'
		c := s.src[i]
		switch {
		case c == '}' || c == ']':
			r.brackets = r.brackets[:len(r.brackets)-1]
			i = r.afterTarget(i+1, limit)
			continue
		case c == ',' || c == '.':
			i = s.trivia(i + 1)
			continue
		case c == '{' || c == '[' && !object:
			r.brackets = append(r.brackets, c)
			i = s.trivia(i + 1)
			continue
		}
		if !object || s.src[i-1] == '.' {
			if !s.startsWord(i) {
				return
			}
			i = r.afterTarget(bind(i), limit)
			continue
		}
		// A key, and a target behind its colon.
		key, end := i, i
		switch {
		case c == '[':
			end = r.skip(i+1, limit, false) + 1
		case c == '"' || c == '\'':
			end = s.stringEnd(i)
		case class[c]&clDigit != 0:
			end = s.numberEnd(i)
		case s.startsWord(i):
			end = s.identifier(i)
		}
		if end == i {
			return
		}
		i = s.trivia(end)
		if s.src[i] != ':' {
			if s.startsWord(key) {
				bind(key)
			}
			i = r.afterTarget(end, limit)
			continue
		}
		i = s.trivia(i + 1)
		switch c := s.src[i]; {
		case c == '{' || c == '[':
			r.brackets = append(r.brackets, c)
			i = s.trivia(i + 1)
		case s.startsWord(i):
			i = r.afterTarget(bind(i), limit)
		default:
			return
		}
	}
}

// afterTarget skips the default behind a target of a pattern, which ends at i.
func (r *exportReader) afterTarget(i, limit int) int {
	if i = r.s.trivia(i); i < limit && r.s.src[i] == '=' {
		i = r.skip(i+1, limit, true)
	}
	return i
}

// skip returns the offset of the bracket that closes what is around i, or of the
// next comma in it where commas count.
func (r *exportReader) skip(i, limit int, commas bool) int {
	src, marks := r.s.src, r.s.trace.marks
	m := r.markAt(i)
	depth := 0
	for i < limit {
		for m < len(marks) && int(marks[m].end) <= i {
			m++
		}
		if m < len(marks) && int(marks[m].start) <= i {
			if last := src[marks[m].end-1]; last == '{' && src[marks[m].end-2] == '$' && !marks[m].comment {
				depth++ // a substitution: the next part of the template closes it
			}
			i = int(marks[m].end)
			if c := src[marks[m].start]; c == '}' && !marks[m].comment {
				depth--
			}
			continue
		}
		switch src[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 && commas {
				return i
			}
		}
		i++
	}
	return limit
}
