// Command benchserver measures `sentrial serve` from outside, over HTTP on loopback: what taking events costs the server's process, and how
// long it takes to answer once it holds a million of them. It starts itself again as the server, so that the figures are one process's own.
//
//	go run ./server/internal/benchserver
//	go run ./server/internal/benchserver -events 100000 -ingest 50000   a quick look
//	go run ./server/internal/benchserver -db million.db                 keep the million events, and use them again next time
//	go run ./server/internal/benchserver -write million.ndjson          write them to a file, for sentrial import
//
// The exit status is 1 when the median of a question took longer than its budget.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	if os.Getenv(serverEnv) != "" {
		os.Exit(serve())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return
	case errors.Is(err, errOverBudget):
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "benchserver:", err)
	os.Exit(2)
}

// settings are what the command line says.
type settings struct {
	ingest  int // events of each ingest run
	rounds  int
	events  int // in the database that is asked
	repeats int
	db      string
	profile string
	write   string
	json    bool
}

func parse(args []string, errOut io.Writer) (settings, error) {
	var s settings
	f := flag.NewFlagSet("benchserver", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.IntVar(&s.ingest, "ingest", 100_000, "events of each ingest run, 0 = none of them")
	f.IntVar(&s.rounds, "rounds", 3, "runs of each kind, taken in turn; the medians are printed")
	f.IntVar(&s.events, "events", 1_000_000, "events in the database that is asked, 0 = ask nothing")
	f.IntVar(&s.repeats, "repeats", 40, "how often each question is asked")
	f.StringVar(&s.db, "db", "", "file that holds those events, made if missing and kept (default: a temporary one)")
	f.StringVar(&s.profile, "cpuprofile", "", "write a processor profile of each server to this file and a number")
	f.StringVar(&s.write, "write", "", "only write the events to this file, one a line, for `sentrial import`")
	f.BoolVar(&s.json, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if f.NArg() > 0 || s.rounds < 1 || s.repeats < 1 || s.ingest < 0 || s.events < 0 {
		return s, errors.New("expected flags alone, and no negative number; -h lists them")
	}
	return s, nil
}

// run measures what is asked for and prints it.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	s, err := parse(args, errOut)
	if err != nil {
		return err
	}
	if s.write != "" {
		return writeEvents(s.write, s.events)
	}
	dir, err := os.MkdirTemp("", "benchserver")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{settings: s, dir: dir, log: errOut}
	var r report
	if r.Ingest, err = b.ingestRuns(ctx); err != nil {
		return err
	}
	if r.Fill, r.Questions, err = b.questionRuns(ctx); err != nil {
		return err
	}
	return r.print(out, s.json)
}

// bench is what the parts of a measurement have in common.
type bench struct {
	settings
	dir     string    // for files that nobody keeps
	log     io.Writer // what is being done
	started int       // servers
}

func (b *bench) say(format string, args ...any) { _, _ = fmt.Fprintf(b.log, format+"\n", args...) }
