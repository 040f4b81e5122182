package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

func TestCloseDeliversEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server)
		start := time.Now()
		record(t, client, 2500)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it took %v", waited)
		}
		checkStats(t, client, 2500, 0, nothing)
	})
}

// TestCloseWaitsForRecovery as long as its deadline allows.
func TestCloseWaitsForRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, newScript(t, status(503), unreachable))
		record(t, client, 5)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		checkStats(t, client, 5, 0, nothing)
	})
}

// deaf answers nothing for an hour, whatever the request's context says.
func deaf(*sent) (*http.Response, error) {
	time.Sleep(time.Hour)
	return nil, errNetwork
}

// TestCloseByItsDeadline: in every kind of trouble, with exact counts.
func TestCloseByItsDeadline(t *testing.T) {
	const slack = 100 * time.Millisecond
	troubles := map[string]step{"hang": hang, "deaf HTTP client": deaf, "unreachable": unreachable, "503": status(503), "Retry-After": status(429, "Retry-After", "200"), "401": status(401)}
	deadlines := map[string]struct {
		after time.Duration
		ctx   func(context.Context) (context.Context, context.CancelFunc)
	}{
		"expired": {0, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, -time.Second)
		}},
		"two seconds": {2 * time.Second, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 2*time.Second)
		}},
		"none": {10 * time.Second, context.WithCancel},
		"cancelled": {3 * time.Second, func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}},
	}
	for trouble, answer := range troubles {
		for deadline, d := range deadlines {
			t.Run(trouble+", "+deadline, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var drops dropped
					var log logged
					server := newScript(t, accept)
					server.rest = answer
					client := newClient(t, server, sentrial.WithOnDrop(drops.add), sentrial.WithLogger(log.logger()), sentrial.WithTimeout(time.Hour))
					record(t, client, 4)
					flush(t, client)
					left := record(t, client, 1500)
					time.Sleep(1100 * time.Millisecond)
					ctx, cancel := d.ctx(t.Context())
					defer cancel()
					start := time.Now()
					err := client.Close(ctx)
					least := d.after
					if trouble != "hang" && trouble != "deaf HTTP client" {
						least = 0 // no request would begin before the deadline, so there is nothing to wait for
					}
					checkBetween(t, "Close returned after", time.Since(start), least, d.after+slack)
					incomplete := new(sentrial.IncompleteError)
					if !errors.As(err, &incomplete) || !errors.Is(err, context.Cause(ctx)) && ctx.Err() != nil {
						t.Fatalf("Close: %v", err)
					}
					if n := incomplete.Stats.Dropped[sentrial.DropClosed]; n != 1500 || !strings.Contains(err.Error(), "1500") {
						t.Errorf("the error counts %d: %v", n, err)
					}
					checkStats(t, client, 4, 0, map[sentrial.DropReason]int{sentrial.DropClosed: 1500})
					drops.check(t, sentrial.DropClosed, left...)
					if n := len(log.lines()); n > 2 {
						t.Errorf("logged %q", log.lines())
					}
					checkClosed(t, client)
					if err := client.Close(t.Context()); !errors.As(err, &incomplete) {
						t.Errorf("the second Close: %v", err)
					}
					time.Sleep(2 * time.Hour) // the deaf one comes back, to nobody's use
					checkStats(t, client, 4, 0, map[sentrial.DropReason]int{sentrial.DropClosed: 1500})
				})
			})
		}
	}
}

// checkClosed wants a client that refuses everything and counts it.
func checkClosed(t *testing.T, client *sentrial.Client) {
	t.Helper()
	before := client.Stats().Refused[sentrial.DropClosed]
	ctx, session := client.CreateSession(t.Context(), "late")
	if id := session.TrackStep(ctx, types.Step{Name: "late"}); id != "" {
		t.Errorf("a closed client gave the id %s", id)
	}
	if id := client.Record(ctx, types.Event{Step: &types.Step{}}); id != "" {
		t.Errorf("a closed client gave the id %s", id)
	}
	if n := client.Stats().Refused[sentrial.DropClosed] - before; n != 3 {
		t.Errorf("%d events were counted as refused, want 3", n)
	}
	if err := client.Flush(t.Context()); !errors.Is(err, sentrial.ErrClosed) {
		t.Errorf("Flush: %v, want ErrClosed", err)
	}
}

// TestReplyAtTheLastMoment: events that were acknowledged while Close gave up are delivered, not lost.
func TestReplyAtTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, func(r *sent) (*http.Response, error) {
			<-r.Context().Done()
			time.Sleep(10 * time.Millisecond)
			return accept(r)
		})
		client := newClient(t, server)
		record(t, client, 3)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := client.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		checkStats(t, client, 3, 0, nothing)
	})
}

func TestConcurrentClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = hang
		client := newClient(t, server)
		record(t, client, 3)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var closers sync.WaitGroup
		for i := range 50 {
			closers.Go(func() {
				start, mine, least := time.Now(), ctx, 5*time.Second
				if i >= 25 { // each keeps to its own deadline
					time.Sleep(time.Millisecond)
					mine, least = impatient, 999*time.Millisecond
				}
				if err := client.Close(mine); !errors.As(err, new(*sentrial.IncompleteError)) {
					t.Errorf("Close: %v", err)
				}
				checkBetween(t, "Close returned after", time.Since(start), least, least+100*time.Millisecond)
			})
		}
		closers.Wait()
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropClosed: 3})
	})
}

// TestCloseRacingCallers: whatever got an id is delivered or counted as dropped, and nobody hangs.
func TestCloseRacingCallers(t *testing.T) {
	for round := range 20 {
		overflow := []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest, sentrial.Block}[round%3]
		var drops dropped
		server := &wire{}
		client := newClient(t, server, sentrial.WithOverflow(overflow), sentrial.WithQueueBytes(64<<10), sentrial.WithOnDrop(drops.add))
		var callers sync.WaitGroup
		var mu sync.Mutex
		accepted := map[string]bool{}
		for range 4 {
			callers.Go(func() {
				ctx, session := client.CreateSession(t.Context(), "s")
				for range 300 {
					_, span := sentrial.StartStep(ctx, types.Step{Name: "n"})
					if id := session.TrackStep(ctx, types.Step{Name: "n"}); id != "" {
						mu.Lock()
						accepted[id] = true
						mu.Unlock()
					}
					span.End(nil)
				}
			})
		}
		callers.Go(func() {
			for client.Stats().Accepted < 100 {
				runtime.Gosched()
			}
			if err := client.Close(t.Context()); err != nil && round%4 != 0 && len(drops.all()) == 0 {
				t.Errorf("Close: %v", err)
			}
		})
		callers.Wait()
		if err := lawOf(client.Stats()); err != nil || client.Stats().Queued != 0 {
			t.Errorf("%v: %+v", err, client.Stats())
		}
		arrived := server.text()
		for id := range accepted {
			if !strings.Contains(arrived, id) && client.Stats().Dropped[sentrial.DropOverflow]+client.Stats().Dropped[sentrial.DropClosed] == 0 {
				t.Errorf("%s got lost", id)
			}
		}
	}
}

// TestCloseReleasesBlockedCallers: Block waits for room, and no longer than the client lives.
func TestCloseReleasesBlockedCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = hang
		client := newClient(t, server, sentrial.WithOverflow(sentrial.Block), sentrial.WithQueueBytes(8<<10), sentrial.WithTimeout(time.Hour))
		returned := make(chan int)
		go func() {
			n, session := 0, client.Session("s")
			for session.TrackStep(context.Background(), types.Step{Name: "n"}) != "" {
				n++
			}
			returned <- n
		}()
		time.Sleep(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := client.Close(ctx)
		n := <-returned
		if n == 0 || err == nil {
			t.Errorf("%d events, Close: %v", n, err)
		}
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropClosed: n})
	})
}

// TestAbandonedSpans are sent by Close, as of their start, and counted.
func TestAbandonedSpans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server)
		ctx := client.Session("s").Context(t.Context())
		ctx, outer := sentrial.StartStep(ctx, types.Step{Name: "outer", Metadata: map[string]any{"mine": "kept"}})
		_, inner := sentrial.StartTool(ctx, types.ToolCall{ToolName: "inner", ToolInput: 7})
		_, ended := sentrial.StartLLM(ctx, types.LLMCall{Model: "ended"})
		ended.End(nil)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		outer.End(nil) // too late: the first word counts
		s := client.Stats()
		if s.Abandoned != 2 || s.Accepted != 3 || s.Delivered != 3 || lawOf(s) != nil {
			t.Errorf("got %+v", s)
		}
		found := 0
		for _, e := range server.requests()[0].events {
			m := members(t, []byte(e))
			meaning(t, []byte(e))
			if m["id"] == ended.ID() {
				continue
			}
			found++
			metadata, _ := m["metadata"].(map[string]any)
			if m["status"] != "unknown" || metadata["abandoned"] != true || m["duration_ms"] != nil {
				t.Errorf("got %v", m)
			}
			if m["id"] == outer.ID() && (metadata["mine"] != "kept" || m["name"] != "outer") || m["id"] == inner.ID() && (m["parent_id"] != outer.ID() || m["tool_input"] != jsonNumber("7")) {
				t.Errorf("got %v", m)
			}
		}
		if found != 2 {
			t.Errorf("%d abandoned spans were sent, want 2", found)
		}
	})
}

func TestClientsThatRecordNothing(t *testing.T) {
	disabled, err := sentrial.New(sentrial.WithAPIURL("https://api.example.com"), sentrial.WithLogger(new(logged).logger()))
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range []*sentrial.Client{nil, disabled} {
		ctx, session := client.CreateSession(t.Context(), "s")
		if id := session.TrackStep(ctx, types.Step{}); id != "" {
			t.Errorf("got the id %s", id)
		}
		if err := errors.Join(client.Flush(ctx), client.Close(ctx), client.Close(ctx)); err != nil {
			t.Error(err)
		}
		if s := client.Stats(); fmt.Sprint(s.Accepted, s.Queued, s.Dropped, s.Refused) != "0 0 map[] map[]" {
			t.Errorf("got %+v", s)
		}
	}
}
