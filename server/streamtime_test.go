package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// commits is a store in memory with events of one session, which some other process seems to have stored.
type commits struct {
	store.Store
	mu     sync.Mutex
	events []store.FollowedEvent
	err    error
}

func (c *commits) ReadInbox(context.Context, int64, int) ([]store.InboxRequest, error) {
	return nil, nil
}

func (c *commits) commit(ids ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		record := store.Record{Position: int64(len(c.events) + 1), Raw: fmt.Appendf(nil, `{"id":%q,"text":%q}`, id, strings.Repeat("x", 1000))}
		c.events = append(c.events, store.FollowedEvent{Record: record, SessionID: "s1"})
	}
}

func (c *commits) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
}

func (c *commits) Position(context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int64(len(c.events)), c.err
}

func (c *commits) Follow(_ context.Context, _ string, q store.FollowQuery) (store.FollowPage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	to := min(int(q.After)+q.Limit, len(c.events))
	return store.FollowPage{Events: c.events[q.After:to:to], Position: int64(to), More: to < len(c.events)}, c.err
}

// HasKeys says no: everybody on loopback may read.
func (c *commits) HasKeys(context.Context) (bool, error) { return false, nil }

func (c *commits) Purge(context.Context, store.Cutoff) (store.Removed, error) {
	return store.Removed{}, nil
}

func (c *commits) Ingest(_ context.Context, b store.Batch) (store.Receipt, error) {
	c.commit(b.Events[0].ID)
	return store.Receipt{Outcomes: []store.Outcome{store.Accepted}}, nil
}

func (c *commits) Session(context.Context, string, string) (store.Session, error) {
	return store.Session{ID: "s1"}, nil
}

// pipes is a listener without a network: its time is that of the bubble.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.accepted <- far
	return near, nil
}

// house is a server that serves pipes.
type house struct {
	commits
	*server.Server
	client *http.Client
	stop   context.CancelFunc
	served chan error
	pipes  *pipes
}

// inBubble runs test with a house, in fake time.
func inBubble(t *testing.T, test func(t *testing.T, h *house)) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{pipes: &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}, served: make(chan error, 1)}
		h.Server = newServer(t, server.Config{Store: &h.commits})
		transport := &http.Transport{DialContext: h.pipes.dial}
		h.client = &http.Client{Transport: transport}
		ctx, stop := context.WithCancel(t.Context())
		h.stop = stop
		go func() { h.served <- h.Serve(ctx, h.pipes) }()
		defer func() {
			stop()
			transport.CloseIdleConnections()
			if err := <-h.served; err != nil {
				t.Errorf("serve: %v", err)
			}
		}()
		test(t, h)
	})
}

// streamGrain is how exact the times of a stream are.
const streamGrain = 100 * time.Millisecond

// TestQuietStreamSendsComments also outlasts every time-out of a request.
func TestQuietStreamSendsComments(t *testing.T) {
	inBubble(t, func(t *testing.T, h *house) {
		c := follow(t, h.client, "http://localhost/v1/stream")
		begin := time.Now()
		if _, comment, err := c.block(); !comment || err != nil || time.Since(begin) != 0 {
			t.Fatalf("no comment at the beginning: %v", err)
		}
		for n := 1; n <= 20; n++ {
			_, comment, err := c.block()
			if since := time.Since(begin); !comment || err != nil || since < 15*time.Second || since > 15*time.Second+streamGrain {
				t.Fatalf("comment %d after %v (%v)", n, since, err)
			}
			begin = time.Now()
		}
		h.commit("e1")
		event, _ := c.next()
		if waited := time.Since(begin); event.eventID() != "e1" || waited > time.Second+streamGrain {
			t.Errorf("the commit of another process is told after %v: %+v", waited, event)
		}
		c.next() // its session
		told := time.Now()
		if _, comment, _ := c.block(); !comment || time.Since(told).Round(time.Second) != 15*time.Second {
			t.Errorf("after a message the comment came after %v", time.Since(told))
		}
		c.cancel()
	})
}

// TestOwnCommitsAreToldAtOnce does not wait until the stream asks the store by itself.
func TestOwnCommitsAreToldAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, h *house) {
		c := follow(t, h.client, "http://localhost/v1/stream")
		c.begin()
		time.Sleep(300 * time.Millisecond)
		begin := time.Now()
		res, err := h.client.Post("http://localhost/v1/events", "application/json", strings.NewReader(`{"events":[`+ev("e1", "step")+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if event, _ := c.next(); event.eventID() != "e1" || time.Since(begin) > streamGrain {
			t.Errorf("told after %v: %+v", time.Since(begin), event)
		}
		c.cancel()
	})
}

// TestSlowReaderIsCut has one client that reads and one that does not.
func TestSlowReaderIsCut(t *testing.T) {
	inBubble(t, func(t *testing.T, h *house) {
		slow, good := follow(t, h.client, "http://localhost/v1/stream"), follow(t, h.client, "http://localhost/v1/stream")
		begin := time.Now()
		var ids []string
		for i := range 100 {
			ids = append(ids, fmt.Sprint("e", i))
		}
		h.commit(ids...)
		told := make(chan message, 1000)
		go func() {
			for m, ok := good.next(); ok; m, ok = good.next() {
				told <- m
			}
			close(told)
		}()
		for i := range 100 {
			if m := <-told; m.eventID() != fmt.Sprint("e", i) {
				t.Fatalf("%+v instead of e%d", m, i)
			}
		}
		same(t, "streams", h.OpenStreams(), 2)
		time.Sleep(9 * time.Second)
		synctest.Wait()
		same(t, fmt.Sprint("streams after ", time.Since(begin)), h.OpenStreams(), 2)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		same(t, fmt.Sprint("streams after ", time.Since(begin)), h.OpenStreams(), 1)
		n := 0
		for _, ok := slow.next(); ok; _, ok = slow.next() {
			n++
		}
		if n >= 100 {
			t.Errorf("the slow one got all of it")
		}
		h.commit("more")
		<-told // the session of before
		if m := <-told; m.eventID() != "more" {
			t.Errorf("the good one gets %+v", m)
		}
		good.cancel()
	})
}

// TestShutdownEndsStreamsAtOnce does not wait until they end by themselves.
func TestShutdownEndsStreamsAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, h *house) {
		c := follow(t, h.client, "http://localhost/v1/stream")
		c.begin()
		begin := time.Now()
		h.stop()
		if _, _, err := c.block(); !errors.Is(err, io.EOF) {
			t.Errorf("the stream ends with %v", err)
		}
		if err := <-h.served; err != nil {
			t.Error(err)
		}
		if waited := time.Since(begin); waited > time.Second {
			t.Errorf("ended after %v", waited)
		}
		h.served <- nil
	})
}

func TestStreamEndsWithItsStore(t *testing.T) {
	inBubble(t, func(t *testing.T, h *house) {
		c := follow(t, h.client, "http://localhost/v1/stream")
		h.fail(errors.New("gone"))
		if m, ok := c.next(); ok {
			t.Errorf("got %+v", m)
		}
		synctest.Wait()
		same(t, "streams", h.OpenStreams(), 0)
		res, err := h.client.Get("http://localhost/v1/stream")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		same(t, "another", res.StatusCode, http.StatusServiceUnavailable)
	})
}
