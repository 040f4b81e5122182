package main

import (
	"context"
	"flag"
	"io"

	"github.com/sentrial/sentrial-go/bench/sink"
)

// serveSink makes this process the sink.
func serveSink(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet(sinkCommand, flag.ContinueOnError)
	records := flags.Bool("records", false, "decode our own events and look at each field")
	delay := flags.Duration("delay", 0, "of each answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	opts := []sink.Option{sink.WithDelay(*delay)}
	if *records {
		opts = append(opts, sink.WithRecords())
	}
	return sink.Serve(ctx, sink.New(opts...), in, out)
}
