package sentrial_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestFlushBesideAClose: events that a Close drops were not delivered, whoever waits for them.
func TestFlushBesideAClose(t *testing.T) {
	for name, c := range map[string]struct {
		answer step
		lost   bool
	}{
		"unreachable": {unreachable, true},
		"hanging":     {hang, true},
		"slow": {func(r *sent) (*http.Response, error) {
			time.Sleep(500 * time.Millisecond)
			return accept(r)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t)
				server.rest = c.answer
				client := newClient(t, server)
				record(t, client, 3)
				flushed := make(chan error, 1)
				go func() { flushed <- client.Flush(context.Background()) }()
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				closed := client.Close(ctx)
				err := <-flushed
				if told := errors.As(err, new(*sentrial.IncompleteError)) || errors.Is(err, sentrial.ErrClosed); told != c.lost || !told && err != nil {
					t.Errorf("Flush: %v; events were lost: %t", err, c.lost)
				}
				if (closed != nil) != c.lost {
					t.Errorf("Close: %v; events were lost: %t", closed, c.lost)
				}
			})
		})
	}
}

// TestFlushDoesNotWaitForCopies: those of open spans are nobody's events; while the server is away they may be all that is left.
func TestFlushDoesNotWaitForCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		server := newScript(t)
		server.rest = func(r *sent) (*http.Response, error) {
			if down.Load() {
				return unreachable(r)
			}
			return accept(r)
		}
		client := newClient(t, server)
		record(t, client, 1)
		flush(t, client)
		down.Store(true)
		_, span := sentrial.StartStep(client.Session("s").Context(t.Context()), types.Step{Name: "x"})
		time.Sleep(4 * time.Second)
		if n := len(server.requests()); n < 2 {
			t.Fatal("the copy was not sent")
		}
		start := time.Now()
		flush(t, client)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("Flush waited %v", waited)
		}
		down.Store(false)
		span.End(nil)
		flush(t, client)
		checkStats(t, client, 2, 0, nothing)
	})
}
