// Command soak sends millions of events to a receiver in another process that fails in every way it knows, and is killed and started again now and then. At
// the end every event has to be stored exactly once, the SDK's counters have to add up, its goroutines must be as many as at the beginning, and the heap must
// not have grown.
//
//	go run ./soak -events 1000000
//
// It exits with 1 when one of these does not hold. With -forget the receiver loses events that it has acknowledged, to show that the run can fail.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// receiveCommand is the first argument that makes this program the receiver.
const receiveCommand = "receive"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 && args[0] == receiveCommand {
		return receive(ctx, args[1:], out)
	}
	p, err := parsePlan(args)
	if err != nil {
		return err
	}
	return run(ctx, p, out)
}

// plan is what a run does.
type plan struct {
	events  uint64
	steps   int     // the run stops this often for the queue to drain and the process to be measured
	kills   int     // of the receiver
	trouble float64 // share of the requests that go wrong
	forget  uint64  // the receiver acknowledges every forget-th event and does not store it; 0 = none
	seed    uint64
}

// defaultEvents is the length of a run that nobody gave another one.
const defaultEvents = 10_000_000

func parsePlan(args []string) (plan, error) {
	p := plan{events: defaultEvents}
	if text := os.Getenv("SOAK_EVENTS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return p, fmt.Errorf("SOAK_EVENTS: %q is not a number of events, such as 1000000", text)
		}
		p.events = n
	}
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.Uint64Var(&p.events, "events", p.events, "number of events; the default is $SOAK_EVENTS, else 10000000")
	flags.IntVar(&p.steps, "steps", 50, "how often to measure")
	flags.IntVar(&p.kills, "kills", 20, "how often to kill the receiver")
	flags.Float64Var(&p.trouble, "trouble", 0.04, "share of the requests that go wrong, from 0 to 1")
	flags.Uint64Var(&p.forget, "forget", 0, "make the receiver lose every n-th event that it acknowledges, to see the run fail")
	flags.Uint64Var(&p.seed, "seed", uint64(time.Now().UnixNano()), "decides which requests go wrong")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	return p, p.validate()
}

func (p plan) validate() error {
	switch {
	case p.steps < 1 || p.events < uint64(p.steps):
		return fmt.Errorf("%d events in %d steps: want at least one step, and one event in each", p.events, p.steps)
	case p.kills < 0 || p.kills > p.steps:
		return fmt.Errorf("-kills %d: want 0 to %d, at most one in each step", p.kills, p.steps)
	case p.trouble < 0 || p.trouble >= 1:
		return fmt.Errorf("-trouble %v: want 0 or more, and less than 1", p.trouble)
	}
	return nil
}
