package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// settings are the command line.
type settings struct {
	load
	rows     []row
	wire     string
	parallel int
	json     bool
}

// load is how much is recorded, and how fast.
type load struct {
	events int
	rate   int // events a second; 0 = as fast as it goes
	hosted bool
}

// begin is when a fault of some duration starts, counted from the first event: with the first request, on the hosted wire when the sessions have been created, but
// in the middle of a short recording.
func (l load) begin() time.Duration {
	if l.rate == 0 {
		return 0
	}
	start := time.Second
	if l.hosted {
		start = 2500 * time.Millisecond
	}
	return min(start, time.Duration(l.events)*time.Second/time.Duration(2*l.rate))
}

func parseSettings(args []string, table []row, errOut io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("faulttable", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&s.wire, "wire", "batch", "the protocol: batch or hosted, on which an event is a request")
	flags.IntVar(&s.events, "events", 0, "events of each row (default 20000, of the hosted wire 4000)")
	flags.IntVar(&s.rate, "rate", 0, "events a second; 0 = as fast as it goes (default 2000, of the hosted wire 400)")
	flags.IntVar(&s.parallel, "parallel", 0, "rows at the same time: they mostly wait (default 6, of the hosted wire 20)")
	flags.BoolVar(&s.json, "json", false, "print an array of JSON objects instead of tables")
	chosen := flags.String("rows", "", "names of rows, with commas between them; default all of the wire: "+strings.Join(namesOf(table), ","))
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.byDefault(flags)
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q, rows are named with --rows", flags.Arg(0))
	case s.wire != "batch" && s.wire != "hosted":
		return s, fmt.Errorf("--wire %s: want batch or hosted", s.wire)
	case s.events < 1 || s.rate < 0 || s.parallel < 1:
		return s, fmt.Errorf("--events %d --rate %d --parallel %d: want at least 1, 0 and 1", s.events, s.rate, s.parallel)
	}
	return s, s.choose(*chosen, of(s.wire, table))
}

// of are the rows of a wire.
func of(wire string, table []row) (rows []row) {
	for _, r := range table {
		if r.hosted == (wire == "hosted") {
			rows = append(rows, r)
		}
	}
	return rows
}

// byDefault sets what nobody gave.
func (s *settings) byDefault(flags *flag.FlagSet) {
	values := map[string]*int{"events": &s.events, "rate": &s.rate, "parallel": &s.parallel}
	flags.Visit(func(f *flag.Flag) { delete(values, f.Name) })
	defaults := map[string]int{"events": 20_000, "rate": 2_000, "parallel": 6}
	if s.hosted = s.wire == "hosted"; s.hosted {
		defaults = map[string]int{"events": 4_000, "rate": 400, "parallel": 20}
	}
	for name, value := range values {
		*value = defaults[name]
	}
}

// choose takes the named rows, in the order of the table.
func (s *settings) choose(names string, table []row) error {
	if names == "" {
		s.rows = table
		return nil
	}
	known := namesOf(table)
	wanted := strings.Split(names, ",")
	for _, name := range wanted {
		if !slices.Contains(known, name) {
			return fmt.Errorf("no row is named %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	for _, r := range table {
		if slices.Contains(wanted, r.name) {
			s.rows = append(s.rows, r)
		}
	}
	return nil
}

func namesOf(table []row) (names []string) {
	for _, r := range table {
		names = append(names, r.name)
	}
	return names
}
