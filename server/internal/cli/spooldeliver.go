package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/spool"
)

// deliverSpool has a client do it, which takes over what is in the directory.
func (a *app) deliverSpool(cmd *cobra.Command, dir string, waiting int) (flushed, error) {
	client, err := a.spoolClient(cmd, dir)
	if err != nil {
		return flushed{}, err
	}
	wait, _ := cmd.Flags().GetDuration("wait")
	ctx, cancel := context.WithTimeout(cmd.Context(), wait)
	defer cancel()
	err = a.awaitDelivery(ctx, client, dir, waiting)
	stopped, stop := context.WithCancel(context.WithoutCancel(cmd.Context()))
	stop() // nothing is left to wait for
	_ = client.Close(stopped)
	if cmd.Context().Err() != nil {
		return flushed{}, cmd.Context().Err()
	}
	stats := client.Stats()
	left, unread := waitingIn(dir)
	err = errors.Join(err, unread)
	result := flushed{Delivered: stats.Delivered, Duplicates: stats.Duplicates, Dropped: stats.Dropped, Left: uint64(left)}
	if err != nil {
		result.err = errors.Join(stats.LastError, err)
	}
	return result, nil
}

// spoolClient is a client that delivers and records nothing.
func (a *app) spoolClient(cmd *cobra.Command, dir string) (*sentrial.Client, error) {
	server := a.setting(cmd, "url", "SENTRIAL_API_URL")
	key := a.serverKey(cmd)
	if server == "" {
		return nil, usage("Set --url or SENTRIAL_API_URL, for example "+defaultURL+".", "no server was named, and what is delivered leaves the spool")
	}
	if key == "" && !onThisMachine(server) {
		return nil, usage("Set --api-key or SENTRIAL_API_KEY.", "%s takes nothing without a key", server)
	}
	d, err := spool.Open(dir, spool.Options{}) // a client would go on without it
	if err != nil {
		return nil, err
	}
	_ = d.Close()
	client, err := sentrial.New(
		sentrial.WithSpool(dir), sentrial.WithOverflow(sentrial.Block), // nothing is to be dropped for the bound of the directory
		sentrial.WithAPIURL(server), sentrial.WithAPIKey(key), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
		sentrial.WithProjectID(a.setting(cmd, "project", "SENTRIAL_PROJECT_ID", "SENTRIAL_PROJECT")),
	)
	if err != nil {
		return nil, usage("", "%s", strings.TrimPrefix(err.Error(), "sentrial: "))
	}
	return client, nil
}

func onThisMachine(server string) bool {
	u, err := url.Parse(server)
	if err != nil {
		return false
	}
	return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
}

const (
	flushPoll    = 200 * time.Millisecond
	idlePolls    = 3
	pollsPerNote = 10
)

// awaitDelivery waits until every event that was waiting is accounted for, or until there are none left for us: another process may take them.
func (a *app) awaitDelivery(ctx context.Context, client *sentrial.Client, dir string, waiting int) error {
	tick := time.NewTicker(flushPoll)
	defer tick.Stop()
	for idle, polls := 0, 1; ; polls++ {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
		stats := client.Stats()
		if polls%pollsPerNote == 0 {
			a.noteDelivered(stats, waiting)
		}
		if stats.Queued > 0 {
			idle = 0
			continue
		}
		left, err := waitingIn(dir)
		switch {
		case err != nil:
			return err
		case left > 0:
			idle = 0
		case accounted(stats) >= uint64(waiting):
			return nil
		default:
			idle++ // a file may be in our hands and not counted yet
		}
		if idle == idlePolls {
			return nil
		}
	}
}

// noteDelivered tells a person how far it is.
func (a *app) noteDelivered(stats sentrial.Stats, waiting int) {
	if a.stderr().Terminal {
		_ = a.note(fmt.Sprintf("%s of %s delivered", format.Count(int(stats.Delivered)), format.Plural(waiting, "event")))
	}
}

func accounted(s sentrial.Stats) uint64 {
	sum := s.Delivered
	for _, n := range s.Dropped {
		sum += n
	}
	return sum
}

// waitingIn is how many events no process has.
func waitingIn(dir string) (int, error) {
	infos, err := spool.Inspect(dir)
	sum := 0
	for _, info := range infos {
		if !info.Live && info.Err == nil {
			sum += info.Counts.Committed + info.Counts.Sent
		}
	}
	return sum, err
}
