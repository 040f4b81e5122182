package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// example is a table with three rounds.
func example() filled {
	results := func(figure string, values ...float64) (all []*result) {
		for _, v := range values {
			all = append(all, &result{Figures: map[string]float64{figure: v, "lost": 0}})
		}
		return all
	}
	ours := &row{kind: peer.Kind{Name: "sentrial", Title: "sentrial", Ours: true, Snapshot: true}, rounds: results("us", 1, 3, 2)}
	otel := &row{kind: peer.Kind{Name: peer.Reference, Title: "OpenTelemetry", Snapshot: true}, rounds: results("us", 10, 60, 24)}
	other := &row{kind: peer.Kind{Name: "other", Title: "Other"}, rounds: results("us", 5, 5, 5)}
	other.rounds[1] = nil
	other.errors = []string{"round 2: crashed"}
	other.rounds[0].Figures["lost"] = 7
	other.rounds[2].note("said something")
	return filled{
		table: table{name: "x", title: func(settings) string { return "What it costs" }, columns: []column{
			{head: "µs", figure: "us", format: "%.1f"},
			{head: "OTel ÷ it", figure: "us", format: "%.1f", ratio: lessIsBetter},
			{head: "lost", figure: "lost", format: "%.0f", bad: true},
			{head: "nobody has it", figure: "none", format: "%.0f"},
		}},
		rows: []*row{ours, otel, other},
	}
}

func TestATableIsAligned(t *testing.T) {
	var b strings.Builder
	(&printer{out: &b}).print(settings{}, example())
	const want = `
What it costs

                                  µs  OTel ÷ it     lost  nobody has it
sentrial               2.0 (1.0–3.0)       12.0        0              -
OpenTelemetry       24.0 (10.0–60.0)        1.0        0              -
Other, no snapshot               5.0        3.4  4 (0–7)              -
- Other: said something
- Other: round 2: crashed
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATableAsMarkdownShowsLossesInBold(t *testing.T) {
	var b strings.Builder
	(&printer{out: &b, markdown: true}).print(settings{}, example())
	for _, want := range []string{"|  | µs | OTel ÷ it | lost | nobody has it |\n|---|---|---|---|---|\n", "| sentrial | 2.0 (1.0–3.0) | 12.0 | 0 | - |\n", "| **4 (0–7)** |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestColourIsForOursAndForLosses(t *testing.T) {
	var b strings.Builder
	(&printer{out: &b, color: true}).print(settings{}, example())
	for _, want := range []string{"\x1b[32msentrial\x1b[0m", "\x1b[31m4 (0–7)\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%q", want, b.String())
		}
	}
}

// TestRatiosAreOfTheSameRound: 60 against 3 when the machine was busy, 10 against 1 when it was not.
func TestRatiosAreOfTheSameRound(t *testing.T) {
	f := example()
	if got := f.show(f.rows[0], f.columns[1]).text; got != "12.0" {
		t.Errorf("OpenTelemetry ÷ sentrial = %s, want the median of 10, 20 and 12", got)
	}
	more := column{figure: "us", format: "%.2f", ratio: moreIsBetter}
	if got := f.show(f.rows[0], more).text; got != "0.08" {
		t.Errorf("sentrial ÷ OpenTelemetry = %s, want the median of 1/10, 1/20 and 1/12", got)
	}
	f.rows[0].kind.Encoding = "gzip"
	if got := f.show(f.rows[0], f.columns[1]).text; got != "-" {
		t.Errorf("a compressed row is held against %s, want nothing: OpenTelemetry with gzip is not in the table", got)
	}
}

func TestOnlyOurLossesFail(t *testing.T) {
	f := example()
	if err := verdict([]filled{f}); err != nil {
		t.Errorf("another SDK's loss: %v", err)
	}
	f.rows[0].rounds[1].Figures["lost"] = 1
	if err := verdict([]filled{f}); !errors.Is(err, errNotMet) {
		t.Errorf("our loss: %v", err)
	}
	f.losing = true
	if err := verdict([]filled{f}); err != nil {
		t.Errorf("a loss where nobody can deliver everything: %v", err)
	}
	f.rows[0].errors = []string{"crashed"}
	if err := verdict([]filled{f}); !errors.Is(err, errNotMet) {
		t.Errorf("our crash: %v", err)
	}
}

func TestJSONHasEveryRound(t *testing.T) {
	var b strings.Builder
	if err := printJSON(&b, machineNow(), []filled{example()}); err != nil {
		t.Fatal(err)
	}
	var got report
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if rows := got.Tables[0].Rows; len(rows) != 3 || rows[0].Rounds[1].Figures["us"] != 3 || rows[2].Errors[0] != "round 2: crashed" || got.Machine.CPUs < 1 {
		t.Fatalf("got %+v", got)
	}
}

func TestTheCommandLine(t *testing.T) {
	for args, want := range map[string]string{
		"-only lunch": "-only", "-peers nobody": "-peers", "-rounds 0": "below 1", "stray": "stray", "-nosuch": "nosuch",
	} {
		if _, err := parseSettings(strings.Fields(args), new(strings.Builder)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a word about %s", args, err, want)
		}
	}
	s, err := parseSettings(strings.Fields("-only sustained,enqueue -peers otel,sentrial -rounds 2"), new(strings.Builder))
	if err != nil || len(s.tables) != 2 || s.tables[0].name != "enqueue" || len(s.peers) != 2 || s.rounds != 2 {
		t.Errorf("got %+v, %v, want two tables in their order, two SDKs", s, err)
	}
}

// TestACommandFromBeginningToEnd prints a table of two SDKs.
func TestACommandFromBeginningToEnd(t *testing.T) {
	var out, errOut strings.Builder
	if err := command(t.Context(), strings.Fields("-quick -only arrives -peers sentrial,otel"), nil, &out, &errOut); err != nil {
		t.Fatal(err, errOut.String())
	}
	for _, want := range []string{"sentrial ", "OpenTelemetry ", "4096", "processors"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := command(cancelled, []string{"-quick", "-peers", "sentrial"}, nil, &out, &errOut); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}
