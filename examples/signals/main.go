// Command signals is an agent that works until it is told to stop, and then ends well: Ctrl-C or SIGTERM cancels what it is doing, its session closes as
// cancelled, and everything recorded is delivered before the program ends, within a bound.
//
//	SENTRIAL_API_URL=http://127.0.0.1:7437 go run ./examples/signals -grace 5s
//
// go run passes Ctrl-C on but not SIGTERM: for that, build it first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sentrial/sentrial-go"
)

func main() {
	grace := flag.Duration("grace", 5*time.Second, "how long delivery may take at the end")
	flag.Parse()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = client.Run(ctx, "signals", watch)
	stop() // from here on another signal ends the program at once
	if errors.Is(err, context.Canceled) {
		fmt.Println("told to stop")
		err = nil
	}
	if err := errors.Join(err, deliver(client, *grace)); err != nil {
		log.Fatal(err)
	}
}

// watch is the agent's loop: a look a second, until one fails or ctx ends.
func watch(ctx context.Context) error {
	for round := 1; ; round++ {
		fmt.Println("round", round)
		if _, err := sentrial.Tool(ctx, "look", round, look); err != nil {
			return err
		}
	}
}

func look(ctx context.Context, _ int) (string, error) {
	select {
	case <-time.After(time.Second):
		return "all is well", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// deliver closes the client under a deadline of its own: the context that the signal cancelled would leave no time. What it could not deliver is counted.
func deliver(client *sentrial.Client, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := client.Close(ctx)
	if incomplete := (*sentrial.IncompleteError)(nil); errors.As(err, &incomplete) {
		stats := incomplete.Stats
		fmt.Printf("of %d events %d were delivered, %d were not\n", stats.Accepted, stats.Delivered, stats.Dropped[sentrial.DropClosed])
	}
	return err
}
