package main

import (
	"encoding/json"
	"io"
)

// report is everything, for programs.
type report struct {
	Machine machine
	Tables  []reportTable
}

type reportTable struct {
	Name string
	Rows []reportRow
}

type reportRow struct {
	Peer     string
	Ours     bool
	Snapshot bool
	Rounds   []*result
	Errors   []string `json:",omitempty"`
}

func printJSON(out io.Writer, m machine, all []filled) error {
	r := report{Machine: m}
	for _, f := range all {
		t := reportTable{Name: f.name}
		for _, row := range f.rows {
			t.Rows = append(t.Rows, reportRow{row.kind.Name, row.kind.Ours, row.kind.Snapshot, row.rounds, row.errors})
		}
		r.Tables = append(r.Tables, t)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
