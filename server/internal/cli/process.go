package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Main runs the command as this process: with its arguments and streams, until it is done or interrupted. The first
// SIGINT or SIGTERM ends it in order, a second one at once.
func Main() int {
	// A reader of our output that goes away must not kill a server that happens to log: writes return an error instead.
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(exitInterrupted)
	}()
	return Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
