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
	parallel int
	json     bool
}

// load is how much is recorded, and how fast.
type load struct {
	events int
	rate   int // events a second; 0 = as fast as it goes
}

// begin is when a fault of some duration starts, counted from the first event: with the first request, but in the middle of a short recording.
func (l load) begin() time.Duration {
	if l.rate == 0 {
		return 0
	}
	return min(time.Second, time.Duration(l.events)*time.Second/time.Duration(2*l.rate))
}

func parseSettings(args []string, table []row, errOut io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("faulttable", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.IntVar(&s.events, "events", 20_000, "events of each row")
	flags.IntVar(&s.rate, "rate", 2_000, "events a second; 0 = as fast as it goes")
	flags.IntVar(&s.parallel, "parallel", 6, "rows at the same time: they mostly wait")
	flags.BoolVar(&s.json, "json", false, "print an array of JSON objects instead of tables")
	chosen := flags.String("rows", "", "names of rows, with commas between them; default all: "+strings.Join(namesOf(table), ","))
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q, rows are named with --rows", flags.Arg(0))
	case s.events < 1 || s.rate < 0 || s.parallel < 1:
		return s, fmt.Errorf("--events %d --rate %d --parallel %d: want at least 1, 0 and 1", s.events, s.rate, s.parallel)
	}
	return s, s.choose(*chosen, table)
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
