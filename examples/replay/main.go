// Command replay records agent runs that already happened: it reads them from files in the form that tau-bench writes (a JSON array, gzipped or not, of
// runs with a "traj" of chat messages) and hands them to Client.Record, with ids made from their place in the file. Replaying a file again therefore adds
// nothing. In the end it reads everything back from the server and compares.
//
//	go run ./server/cmd/sentrial serve &
//	go run ./examples/replay [-parallel N] [-url URL] FILE...
//
// The files have no times; they are counted from the modification time of the file. An event above 1 MiB is stored without its bulk, which the comparison
// reports as a difference.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/sentrial/sentrial-go"
)

// patience is how long the server may take to store what is left when everything has been read.
const patience = 5 * time.Minute

func main() {
	flags := flag.NewFlagSet("replay", flag.ExitOnError)
	parallel := flags.Int("parallel", 4, "runs recorded and checked at once")
	url := flags.String("url", cmp.Or(os.Getenv("SENTRIAL_API_URL"), "http://127.0.0.1:7437"), "the server; default SENTRIAL_API_URL, else where `sentrial serve` listens")
	_ = flags.Parse(os.Args[1:]) // exits by itself
	if flags.NArg() == 0 || *parallel < 1 {
		fmt.Fprintln(os.Stderr, "usage: replay [-parallel N] [-url URL] FILE...")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := replay(ctx, *url, *parallel, flags.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

// replay records the files, waits until the server has them, compares, and prints what there is.
func replay(ctx context.Context, url string, parallel int, paths []string, out io.Writer) error {
	files, err := sources(paths)
	if err != nil {
		return err
	}
	// An importer would rather wait than lose events: it can read the file no faster than the server stores it.
	client, err := sentrial.New(sentrial.WithAPIURL(url), sentrial.WithOverflow(sentrial.Block), sentrial.WithService("replay", "", ""))
	if err != nil {
		return err
	}
	defer client.Close(context.WithoutCancel(ctx)) // for the ways out before closed, whose Close is the one that counts
	if err := reach(ctx, client); err != nil {
		return fmt.Errorf("%s cannot be used: %w", url, err)
	}
	started := time.Now()
	recorded, err := record(ctx, client, files, parallel)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := client.Flush(ctx); err != nil {
		return fmt.Errorf("not everything was delivered to %s: %w", url, err)
	}
	if err := verify(ctx, client, files, parallel); err != nil {
		return err
	}
	stats, err := closed(ctx, client, recorded.events())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s in %s: %d events are new, %d were there already\n", recorded, time.Since(started).Round(time.Millisecond),
		stats.Delivered-stats.Duplicates, stats.Duplicates)
	return err
}

// reach asks the server for something small. Recording never fails for want of a server, it waits for one; a command should rather say so.
func reach(ctx context.Context, client *sentrial.Client) error {
	for _, err := range client.ListSessions(ctx, sentrial.SessionQuery{Limit: 1}) {
		return err
	}
	return nil
}

// closed stops the client and settles its accounts: nothing it accepted may be unaccounted for, and here nothing may be lost either.
func closed(ctx context.Context, client *sentrial.Client, recorded uint64) (sentrial.Stats, error) {
	err := client.Close(ctx)
	stats := client.Stats()
	var dropped uint64
	for _, n := range stats.Dropped {
		dropped += n
	}
	if stats.Accepted+stats.Recovered != stats.Delivered+dropped+stats.Queued {
		err = errors.Join(err, fmt.Errorf("the client's accounts do not add up: %+v", stats))
	}
	if stats.Accepted != recorded || stats.Delivered != recorded {
		err = errors.Join(err, fmt.Errorf("recorded %d events, of which %d were accepted and %d delivered (dropped: %v)", recorded, stats.Accepted, stats.Delivered, stats.Dropped))
	}
	return stats, err
}
