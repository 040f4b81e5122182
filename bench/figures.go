package main

import (
	"fmt"
	"slices"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// values are a figure of all rounds that have it.
func (r *row) values(figure string) (all []float64) {
	for _, res := range r.rounds {
		if res == nil {
			continue
		}
		if v, ok := res.Figures[figure]; ok {
			all = append(all, v)
		}
	}
	return all
}

// cell is what a table shows in one place.
type cell struct {
	text  string
	alarm bool // a loss
}

// show is the median, and how far the rounds are apart.
func (f filled) show(r *row, c column) cell {
	values := r.values(c.figure)
	if c.ratio != noRatio {
		return f.showRatio(r, c)
	}
	if len(values) == 0 {
		return cell{text: "-"}
	}
	middle, low, high := c.text(median(values)), c.text(slices.Min(values)), c.text(slices.Max(values))
	alarm := c.bad && slices.Max(values) > 0
	if low == high {
		return cell{middle, alarm}
	}
	return cell{fmt.Sprintf("%s (%s–%s)", middle, low, high), alarm}
}

// text is a figure as the column writes it; what is below the smallest digit has no sign.
func (c column) text(v float64) string {
	if v < 0 && v > -0.005 {
		v = 0
	}
	return fmt.Sprintf(c.format, v)
}

// showRatio is the median of the ratios within each round: both were measured when the machine was as busy. A compressed row is held against OpenTelemetry with
// gzip.
func (f filled) showRatio(r *row, c column) cell {
	reference := peer.Reference
	if r.kind.Encoding != "" {
		reference = peer.CompressedReference
	}
	i := slices.IndexFunc(f.rows, func(other *row) bool { return other.kind.Name == reference })
	if i < 0 || r.kind.Name == peer.Nothing {
		return cell{text: "-"}
	}
	ratios := ratios(r, f.rows[i], c)
	if len(ratios) == 0 {
		return cell{text: "-"}
	}
	return cell{text: c.text(median(ratios))}
}

func ratios(r, reference *row, c column) (all []float64) {
	for round, ours := range r.rounds {
		if round >= len(reference.rounds) || ours == nil || reference.rounds[round] == nil {
			continue
		}
		a, b := ours.Figures[c.figure], reference.rounds[round].Figures[c.figure]
		if c.ratio == lessIsBetter {
			a, b = b, a
		}
		if b != 0 {
			all = append(all, a/b)
		}
	}
	return all
}
