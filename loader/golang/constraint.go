package golang

import (
	"bytes"
	"go/build/constraint"
	"strings"

	"github.com/eddy-build/eddy/module"
)

// constraint reads the build constraint from the comments above the package
// clause. A //go:build line decides; where there is none, all "// +build" lines
// hold at once. The rules of place are those of the go command: //go:build
// stands above all else but comments and blank lines; a "// +build" line stands
// among // comments alone and is followed by a blank line.
func (p *parser) constraint(head []byte) {
	offset := len(head)
	head = bytes.TrimPrefix(head, byteOrderMark)
	offset -= len(head)
	var place module.Span // of the last //go:build line
	var goBuild, plusBuild []string
	var pending []string // "// +build" lines that no blank line has followed yet
	inComment := false
	onlyLines := true // nothing but // comments and blank lines so far

	row := int32(0)
lines:
	for len(head) > 0 {
		whole := head
		if n := bytes.IndexByte(head, '\n'); n >= 0 {
			whole = head[:n+1]
		}
		head = head[len(whole):]
		row++
		begin := offset
		offset += len(whole)
		line := bytes.TrimSpace(whole)
		if len(line) == 0 && onlyLines {
			plusBuild = append(plusBuild, pending...)
			pending = pending[:0]
			continue
		}
		if !bytes.HasPrefix(line, []byte("//")) {
			onlyLines = false
		}
		switch {
		case inComment:
		case bytes.HasPrefix(line, []byte("//go:build")) && constraint.IsGoBuild(string(line)):
			column := bytes.IndexByte(whole, '/')
			place = module.Span{
				File: p.path, Line: row, Column: int32(column + 1),
				Offset: int32(begin + column), End: int32(begin + column + len(line)),
			}
			goBuild = append(goBuild, p.intern(bytes.TrimSpace(line[len("//go:build"):])))
		case onlyLines && bytes.Contains(line, []byte("+build")) && constraint.IsPlusBuild(string(line)):
			pending = append(pending, string(line))
		}
		for len(line) > 0 {
			switch {
			case inComment:
				_, after, ended := bytes.Cut(line, []byte("*/"))
				if !ended {
					continue lines
				}
				inComment = false
				line = bytes.TrimSpace(after)
			case bytes.HasPrefix(line, []byte("//")):
				continue lines
			case bytes.HasPrefix(line, []byte("/*")):
				inComment = true
				line = line[2:]
			default:
				break lines
			}
		}
	}

	switch {
	case len(goBuild) > 1:
		// No reader can obey two of them, so their text is no expression and
		// the file is built nowhere, as with the go command.
		p.facts.Constraint = strings.Join(goBuild, " //go:build ")
		p.report("constraint", place, "the file has more than one //go:build line; join them with &&")
	case len(goBuild) == 1:
		p.facts.Constraint = goBuild[0]
		if err := p.check(goBuild[0]); err != nil {
			if goBuild[0] == "" {
				p.facts.Constraint = "//go:build"
			}
			p.report("constraint", place, "the //go:build line does not parse, so that no build uses the file: "+err.Error())
		}
	default:
		p.facts.Constraint = allOf(plusBuild)
	}
}

// check parses the text of a //go:build line, once for all files that have it.
func (p *parser) check(text string) error {
	err, done := p.checked[text]
	if !done {
		if len(p.checked) >= maxKnown {
			clear(p.checked)
		}
		_, err = constraint.Parse("//go:build " + text)
		p.checked[text] = err
	}
	return err
}

// allOf returns the expression that "// +build" lines state together. As with
// the go command, one that does not parse says nothing.
func allOf(lines []string) string {
	var all constraint.Expr
	for _, line := range lines {
		x, err := constraint.Parse(line)
		switch {
		case err != nil:
		case all == nil:
			all = x
		default:
			all = &constraint.AndExpr{X: all, Y: x}
		}
	}
	if all == nil {
		return ""
	}
	return all.String()
}
