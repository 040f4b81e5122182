package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// report is all that was measured.
type report struct {
	Ingest    []ingestFigure `json:"ingest,omitempty"`
	Fill      *fillFigure    `json:"fill,omitempty"`
	Questions []answerTimes  `json:"questions,omitempty"`
}

// print writes r and fails if an answer took longer than it may.
func (r *report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r); err != nil {
			return err
		}
	} else {
		r.table(out)
	}
	for _, q := range r.Questions {
		if q.Median > q.Budget {
			return errOverBudget
		}
	}
	return nil
}

func (r *report) table(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	if len(r.Ingest) > 0 {
		_, _ = fmt.Fprintln(w, "EVENTS A REQUEST\tSEARCH\tEVENTS/S\tCPU US/EVENT\tBYTES/EVENT")
		for _, f := range r.Ingest {
			_, _ = fmt.Fprintf(w, "%d\t%s\t%.0f\t%.1f\t%.0f\n", f.Batch, onOff(f.Search), f.PerSecond, f.CPU, f.Bytes)
		}
		_, _ = fmt.Fprintln(w)
	}
	if f := r.Fill; f != nil {
		_, _ = fmt.Fprintf(w, "%d events stored at %.0f events/s, file of %.2f GB\n\n", f.Events, f.PerSecond, float64(f.Bytes)/1e9)
	}
	if len(r.Questions) > 0 {
		_, _ = fmt.Fprintln(w, "QUESTION\tMEDIAN MS\tP95 MS\tBUDGET MS\tANSWER KB\t")
	}
	for _, q := range r.Questions {
		_, _ = fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.0f\t%.1f\t%s\n", q.Name, q.Median, q.P95, q.Budget, float64(q.Bytes)/1000, verdict(q))
	}
	_ = w.Flush()
}

func onOff(is bool) string {
	if is {
		return "on"
	}
	return "off"
}

func verdict(q answerTimes) string {
	if q.Median > q.Budget {
		return "over budget"
	}
	return ""
}
