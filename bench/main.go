// Command bench measures this SDK beside others on the same work: what a call costs the caller, what it costs to deliver, how long a call takes at the worst,
// what happens when the server is down or slow, and what a program grows by. docs/benchmarks.md says how to read the tables.
//
// It starts itself again: as the server that all SDKs deliver to, and for each measurement.
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := command(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errNotMet):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func command(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	switch {
	case len(args) > 0 && args[0] == sinkCommand:
		return serveSink(ctx, args[1:], in, out)
	case len(args) == 3 && args[0] == measureCommand:
		return measureHere(args[1], args[2])
	}
	s, err := parseSettings(args, errOut)
	if err != nil {
		return err
	}
	return bench(ctx, s, out, errOut)
}

// errNotMet says that one of our own rows lost, repeated or changed an event. That other SDKs do is a finding, not a failure.
var errNotMet = errors.New("events were lost, repeated or changed")

func bench(ctx context.Context, s settings, out, errOut io.Writer) error {
	r := runner{settings: s, progress: io.Discard}
	if terminal(errOut) {
		r.progress = errOut
	}
	begin := machineNow()
	var all []filled
	p := printer{out: out, markdown: s.markdown, color: !s.markdown && terminal(out) && os.Getenv("NO_COLOR") == ""}
	for _, t := range s.tables {
		f := r.run(ctx, t)
		if all = append(all, f); !s.json {
			p.print(s, f)
		}
	}
	machine := begin.until(machineNow())
	if s.json {
		return errors.Join(printJSON(out, machine, all), ctx.Err(), verdict(all))
	}
	fmt.Fprintf(out, "\n%s\n", machine)
	return errors.Join(ctx.Err(), verdict(all))
}

// verdict looks at the rows that must not lose anything.
func verdict(all []filled) error {
	for _, f := range all {
		for _, r := range f.rows {
			if r.kind.Ours && (len(r.errors) > 0 || f.lossless() && f.alarming(r)) {
				return errNotMet
			}
		}
	}
	return nil
}

func (f filled) alarming(r *row) bool {
	for _, c := range f.columns {
		if f.show(r, c).alarm {
			return true
		}
	}
	return false
}
