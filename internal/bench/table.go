package main

import (
	"fmt"
	"strings"
)

const tableHead = `| work | against | pairs | time: Eddy, peer | ratio of times | target | CPU: Eddy, peer, ratio | memory: Eddy, peer, ratio |
|---|---|--:|--:|--:|--:|--:|--:|
`

// tableRow returns a comparison as a row of the Markdown table. Where it could
// not be made the row says why.
func tableRow(c comparison, measured pairs, err error) string {
	target := "–"
	if c.target > 0 {
		target = fmt.Sprintf("≤ %g", c.target)
	}
	if c.memory > 0 {
		target += fmt.Sprintf(", memory ≤ %g", c.memory)
	}
	if c.limit > 0 {
		target = "Eddy ≤ " + seconds(c.limit)
	}
	if err != nil {
		reason := strings.NewReplacer("|", "\\|", "\n", " ").Replace(err.Error())
		return fmt.Sprintf("| %s | %s | – | – | %s | %s | – | – |\n", c.work, c.peer.name, reason, target)
	}
	ratios := measured.ratios(usage.seconds)
	verdict := ""
	if c.target > 0 {
		verdict = " (met)"
		if median(ratios) > c.target || c.memory > 0 && median(measured.ratios(usage.bytes)) > c.memory {
			verdict = " (missed)"
		}
	}
	if c.limit > 0 {
		verdict = " (met)"
		if medianOf(measured.eddy, usage.seconds) > c.limit {
			verdict = " (missed)"
		}
	}
	return fmt.Sprintf("| %s | %s | %d | %s, %s | **%.3f** (%.3f–%.3f) | %s%s | %s, %s, %.3f | %s, %s, %.3f |\n",
		c.work, c.peer.name, len(ratios),
		seconds(medianOf(measured.eddy, usage.seconds)), seconds(medianOf(measured.peer, usage.seconds)),
		median(ratios), ratios[0], ratios[len(ratios)-1], target, verdict,
		seconds(medianOf(measured.eddy, usage.cpuSeconds)), seconds(medianOf(measured.peer, usage.cpuSeconds)), median(measured.ratios(usage.cpuSeconds)),
		megabytes(medianOf(measured.eddy, usage.bytes)), megabytes(medianOf(measured.peer, usage.bytes)), median(measured.ratios(usage.bytes)))
}

func seconds(s float64) string {
	if s < 1 {
		return fmt.Sprintf("%.0f ms", s*1e3)
	}
	return fmt.Sprintf("%.1f s", s)
}

func megabytes(bytes float64) string { return fmt.Sprintf("%.0f MB", bytes/1e6) }
