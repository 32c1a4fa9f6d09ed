package module

import (
	"cmp"
	"slices"
	"strings"
)

// Severity ranks a diagnostic.
type Severity uint8

// The severities, from the worst.
const (
	Error Severity = iota
	Warning
	Info
)

// String returns "error", "warning" or "info".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "info"
}

// Diagnostic is a problem of the user's files, as data: it never stops a load.
type Diagnostic struct {
	Severity Severity
	Code     string // short and stable, to branch on: "syntax", "unreadable", …
	Span     Span
	Message  string // lower case: what is wrong and what to do
	Notes    []string
}

// String returns "file:line:column: severity: message (code)".
func (d Diagnostic) String() string {
	var b strings.Builder
	if d.Span.File != "" {
		b.WriteString(d.Span.String())
		b.WriteString(": ")
	}
	b.WriteString(d.Severity.String())
	b.WriteString(": ")
	b.WriteString(d.Message)
	if d.Code != "" {
		b.WriteString(" (" + d.Code + ")")
	}
	return b.String()
}

// Compare orders diagnostics by place, then severity, code and message.
func (d Diagnostic) Compare(e Diagnostic) int {
	return cmp.Or(d.Span.Compare(e.Span), cmp.Compare(d.Severity, e.Severity),
		strings.Compare(d.Code, e.Code), strings.Compare(d.Message, e.Message))
}

// SortDiagnostics sorts in place and returns the list without its repetitions.
func SortDiagnostics(list []Diagnostic) []Diagnostic {
	slices.SortStableFunc(list, Diagnostic.Compare)
	return slices.CompactFunc(list, func(a, b Diagnostic) bool { return a.Compare(b) == 0 })
}
