// Command faulttable puts the SDK through the faults of a network, over real sockets, and prints what became of the events: delivered, stored twice, lost. Each row
// records its events with the default settings of the SDK into a server that misbehaves in one way, and says at the end whether the row is met. The rows are in
// rows.go, and in hosted.go those of the hosted wire; docs/faults.md tells what they are and what other SDKs did.
//
// The exit status is 1 if a row was not met and 2 if the command line makes no sense.
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
	defer stop()
	os.Exit(run(ctx, os.Args[1:], append(rows(), hostedRows()...), onSockets, os.Stdout, os.Stderr))
}

// run is the command. table is the rows that can be chosen, and connect makes the network of each.
func run(ctx context.Context, args []string, table []row, connect connector, out, errOut io.Writer) int {
	s, err := parseSettings(args, table, errOut)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(errOut, "faulttable:", err)
		return 2
	}
	p := newPrinter(out, errOut, s)
	p.begin()
	unmet := 0
	for r := range schedule(ctx, s, connect, p.progress) {
		if p.row(r); !r.Met {
			unmet++
		}
	}
	p.end()
	if unmet > 0 {
		return 1
	}
	return 0
}
