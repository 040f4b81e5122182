package sentrial_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// dropped keeps what OnDrop heard.
type dropped struct {
	mu    sync.Mutex
	drops []sentrial.Drop
}

func (d *dropped) add(drop sentrial.Drop) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drops = append(d.drops, drop)
}

func (d *dropped) all() []sentrial.Drop {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]sentrial.Drop(nil), d.drops...)
}

func (d *dropped) ids() (ids []string) {
	for _, drop := range d.all() {
		ids = append(ids, drop.EventID)
	}
	return ids
}

// check wants exactly these events, each once, for this reason. Which request an event was in decides on the order.
func (d *dropped) check(t *testing.T, reason sentrial.DropReason, ids ...string) {
	t.Helper()
	checkIDs(t, "OnDrop heard of", slices.Sorted(slices.Values(d.ids())), slices.Sorted(slices.Values(ids)))
	seen := map[string]bool{}
	for _, drop := range d.all() {
		if drop.Reason != reason || drop.SessionID != "s" || drop.Type != "step" || seen[drop.EventID] {
			t.Errorf("OnDrop heard %+v, want reason %s, once", drop, reason)
		}
		seen[drop.EventID] = true
	}
}

// TestOnDropMayRecord: it runs outside of all locks, so it may use the client like everybody else.
func TestOnDropMayRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var client *sentrial.Client
		heard := 0
		onDrop := func(d sentrial.Drop) {
			if heard++; heard > 10 {
				return // enough: it feeds itself
			}
			if err := lawOf(client.Stats()); err != nil {
				t.Error(err)
			}
			client.Session("s").TrackStep(context.Background(), types.Step{Name: "a drop was heard of"})
		}
		server := newScript(t)
		server.rest = func(r *sent) (*http.Response, error) { return status(400)(r) }
		client = newClient(t, server, sentrial.WithOnDrop(onDrop))
		record(t, client, 1)
		for range 20 {
			flush(t, client)
			synctest.Wait()
		}
		if heard != 11 {
			t.Errorf("it heard of %d drops, want 11", heard)
		}
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 11})
	})
}

func TestOnDropMayPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		heard := 0
		server := newScript(t)
		server.rest = status(400)
		client := newClient(t, server, sentrial.WithLogger(log.logger()), sentrial.WithOnDrop(func(sentrial.Drop) {
			heard++
			panic("out of order")
		}))
		record(t, client, 5)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if heard != 5 {
			t.Errorf("it was called %d times, want 5", heard)
		}
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 5})
		if n := strings.Count(strings.Join(log.lines(), "\n"), "out of order"); n != 1 {
			t.Errorf("the panic was logged %d times: %q", n, log.lines())
		}
	})
}

// TestOnDropMayBlock: neither callers nor the sender nor Close wait for it.
func TestOnDropMayBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		release := make(chan struct{})
		var calls atomic.Int64
		client := newClient(
			t, newScript(t, status(400)), sentrial.WithOverflow(sentrial.DropNewest), sentrial.WithQueueBytes(8<<10), sentrial.WithLogger(log.logger()),
			sentrial.WithOnDrop(func(sentrial.Drop) { calls.Add(1); <-release }),
		)
		start := time.Now()
		record(t, client, 1)
		flush(t, client)
		session := client.Session("s")
		refused := 0
		for refused < 70_000 {
			if session.TrackStep(t.Context(), types.Step{Name: "n"}) == "" {
				refused++
			}
		}
		flush(t, client)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("somebody waited %v", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := client.Close(ctx); err != nil {
			t.Error(err)
		}
		checkBetween(t, "Close returned after", time.Since(start), 0, 3100*time.Millisecond)
		close(release)
		synctest.Wait()
		missed := int64(refused+1) - calls.Load()
		if missed <= 0 {
			t.Errorf("of %d losses %d were not told", refused+1, missed)
		}
		if all := strings.Join(log.lines(), "\n"); !strings.Contains(all, fmt.Sprintf("events=%d", missed)) {
			t.Errorf("the log does not say that %d were not told:\n%s", missed, all)
		}
	})
}

// TestSlowOnDropHearsEverything before Close returns, if the deadline allows.
func TestSlowOnDropHearsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = status(400)
		heard := 0
		client := newClient(t, server, sentrial.WithOnDrop(func(sentrial.Drop) { time.Sleep(100 * time.Millisecond); heard++ }))
		record(t, client, 50)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if heard != 50 {
			t.Errorf("it heard of %d drops, want 50", heard)
		}
	})
}

// TestOnDropMayClose: a program may decide to give up there.
func TestOnDropMayClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var client *sentrial.Client
		closed := make(chan error, 1)
		client = newClient(t, newScript(t, status(400)), sentrial.WithCloseTimeout(time.Second), sentrial.WithOnDrop(func(sentrial.Drop) { closed <- client.Close(context.Background()) }))
		record(t, client, 1)
		start := time.Now()
		flush(t, client)
		if err := <-closed; err != nil {
			t.Error(err)
		}
		checkBetween(t, "Close returned after", time.Since(start), 0, 1100*time.Millisecond)
	})
}

// TestRefusedEventsAreReported, but for those of a closed client: there is no end to them.
func TestRefusedEventsAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		var log logged
		server := newScript(t)
		server.rest = hang
		client := newClient(t, server, sentrial.WithOverflow(sentrial.DropNewest), sentrial.WithQueueBytes(8<<10), sentrial.WithOnDrop(drops.add), sentrial.WithLogger(log.logger()))
		session := client.Session("s")
		n := 0
		for session.TrackStep(t.Context(), types.Step{Name: "n"}) != "" {
			n++
		}
		session.TrackStep(t.Context(), types.Step{Name: "n"})
		if id := client.Session("not an id").TrackStep(t.Context(), types.Step{Name: "n"}); id != "" {
			t.Errorf("got the id %s", id)
		}
		synctest.Wait()
		var reasons []sentrial.DropReason
		for _, d := range drops.all() {
			if reasons = append(reasons, d.Reason); d.Type != types.EventStep {
				t.Errorf("got %+v", d)
			}
		}
		if want := []sentrial.DropReason{sentrial.DropOverflow, sentrial.DropOverflow, sentrial.DropInvalid}; !slices.Equal(reasons, want) {
			t.Errorf("got %v, want %v", reasons, want)
		}
		s := client.Stats()
		if s.Refused[sentrial.DropOverflow] != 2 || s.Refused[sentrial.DropInvalid] != 1 || int(s.Accepted) != n || lawOf(s) != nil {
			t.Errorf("got %+v", s)
		}
		expired, cancel := context.WithCancel(t.Context())
		cancel()
		_ = client.Close(expired)
		before := len(drops.all())
		session.TrackStep(t.Context(), types.Step{Name: "n"})
		synctest.Wait()
		if before != n+3 || len(drops.all()) != before {
			t.Errorf("OnDrop heard of %d losses, and of %d after Close; want %d", before, len(drops.all())-before, n+3)
		}
		if lines := log.lines(); len(lines) != 3 { // overflow, invalid, closed with events left
			t.Errorf("logged %q, want one line a cause", lines)
		}
	})
}
