package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/configfile"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// RunOn is Run for someone who looks at c, at a given time.
func RunOn(ctx context.Context, c console.Console, now time.Time, args []string, stdout, stderr io.Writer) int {
	return RunBy(ctx, c, func() time.Time { return now }, args, stdout, stderr)
}

// RunBy is RunOn by a clock.
func RunBy(ctx context.Context, c console.Console, clock func() time.Time, args []string, stdout, stderr io.Writer) int {
	a := newApp(args, nil, stdout, stderr)
	a.detect = func(io.Writer, func(string) string) console.Console { return c }
	a.now = clock
	return a.execute(ctx, args)
}

// When checks a point in time given on the command line.
var When = when

// DecodeEvent reads an event for drawing.
var DecodeEvent = decodeEvent

// What doctor knows of the SDK.
var SDKVariables = sdkVariables

// SDKURL is where the SDK sends to by default.
const SDKURL = sdkURL

// Give sets a flag to what the first line of a configuration file says.
func Give(f *pflag.Flag, text string) error {
	found, err := configfile.Parse([]byte(text))
	if err != nil {
		return err
	}
	return give(f, found[0])
}

// Period reads a duration that may begin with days.
func Period(text string) (time.Duration, bool) { return period(text) }

// Retention reads the values of --retain.
func Retention(rules ...string) (r server.Retention, err error) {
	r.Projects = make(map[string]time.Duration)
	for _, rule := range rules {
		err = errors.Join(err, retain(&r, rule))
	}
	return r, err
}

// Root is the tree of commands.
func Root() *cobra.Command { return newApp(nil, nil, io.Discard, io.Discard).root() }

// ListenOTLP listens for OTLP over HTTP on an address that is from there, such as "default" or "flag", and returns on how many it does.
func ListenOTLP(ctx context.Context, srv *server.Server, addr, from string, stderr io.Writer) (int, error) {
	place := otlpFlags()[0]
	place.addr = origin{addr, from}
	more, err := newApp(nil, nil, io.Discard, stderr).listenOTLP(ctx, srv, []otlpPlace{place}, "s.db")
	return len(more), err
}

// HoldBytes sets how much of files of spans is held, and returns what takes it back.
func HoldBytes(n int64) (back func()) {
	was := maxBytesHeld
	maxBytesHeld = n
	return func() { maxBytesHeld = was }
}
