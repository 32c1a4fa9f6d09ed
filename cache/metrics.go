package cache

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Var returns the statistics as a variable for expvar.Publish, under a name that
// the caller chooses. The package expvar is left to those who use it: it brings a
// web server with it, and a millisecond to every start.
func (s *Symbols[V]) Var() fmt.Stringer { return statsVar(func() any { return s.Stats() }) }

// statsVar is an expvar.Var: its String is JSON.
type statsVar func() any

func (v statsVar) String() string {
	text, err := json.Marshal(v())
	if err != nil {
		panic(err) // numbers and names
	}
	return string(text)
}

// WriteMetrics writes the statistics in the text format that Prometheus reads.
func (s *Symbols[V]) WriteMetrics(w io.Writer) error {
	stats := s.Stats()
	out := bufio.NewWriter(w) // keeps the first error for Flush
	metric := func(name, kind, help string, value func(SymbolStats) any) {
		fmt.Fprintf(out, "# HELP eddy_symbols_%s %s\n# TYPE eddy_symbols_%s %s\n", name, help, name, kind)
		for _, st := range stats {
			fmt.Fprintf(out, "eddy_symbols_%s{class=%q} %v\n", name, st.Class, value(st))
		}
	}
	metric("entries", "gauge", "Symbols that are cached.", func(s SymbolStats) any { return s.Entries })
	metric("bytes", "gauge", "Bytes that they take, estimated.", func(s SymbolStats) any { return s.Bytes })
	metric("hits_total", "counter", "Lookups that found their symbol.", func(s SymbolStats) any { return s.Hits })
	metric("misses_total", "counter", "Lookups that did not.", func(s SymbolStats) any { return s.Misses })
	metric("loads_total", "counter", "Symbols that were worked out.", func(s SymbolStats) any { return s.Loads })
	metric("evictions_total", "counter", "Symbols dropped for want of room.", func(s SymbolStats) any { return s.Evictions })
	metric("lookup_seconds_total", "counter", "Time spent in lookups.", func(s SymbolStats) any { return s.Lookup.Seconds() })
	return out.Flush()
}
