package sentrial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/types"
)

// h2Server serves a sink over HTTP/2, with TLS or without, and makes an HTTP client that speaks nothing else. The server is the test's to change before it starts.
func h2Server(t *testing.T, sink http.Handler, secure bool, change func(*httptest.Server)) (*httptest.Server, *http.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(sink)
	transport := httpx.NewTransport()
	change(server)
	if secure {
		server.EnableHTTP2 = true
		server.TLS = &tls.Config{Certificates: []tls.Certificate{quickCertificate()}, MinVersion: tls.VersionTLS12}
		server.StartTLS()
		transport.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12}
	} else {
		server.Config.Protocols, transport.Protocols = new(http.Protocols), new(http.Protocols)
		server.Config.Protocols.SetUnencryptedHTTP2(true)
		transport.Protocols.SetUnencryptedHTTP2(true)
		server.Start()
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return server, &http.Client{Transport: transport}
}

// quickCertificate is cheaper to handshake with than the one that httptest brings along.
var quickCertificate = sync.OnceValue(func() tls.Certificate {
	certificate, _, err := faultsink.SelfSigned([]string{"127.0.0.1"}, time.Now().Add(time.Hour))
	if err != nil {
		panic(err)
	}
	return certificate
})

func asItIs(*httptest.Server) {}

// checkHTTP2 wants requests, of HTTP/2 only.
func checkHTTP2(t *testing.T, requests []faultsink.Request) {
	t.Helper()
	if len(requests) == 0 {
		t.Error("no request came")
	}
	for _, r := range requests {
		if r.Proto != "HTTP/2.0" {
			t.Errorf("request %d is %s", r.N, r.Proto)
		}
	}
}

// recordLarge records n events of 2 KiB each.
func recordLarge(t *testing.T, client *troubled, n int) (ids []string) {
	t.Helper()
	for i := range n {
		ids = append(ids, client.Session("s").TrackStep(t.Context(), types.Step{Name: fmt.Sprint(i), Input: strings.Repeat("in ", 700)}))
	}
	return ids
}

// farewell is when and how a connection ends.
type farewell struct {
	secure bool
	moment func(*h2Hand) bool
	path   string // of the request
	commit bool   // what has come by then is stored
	how    func(*h2Hand)
}

// moments are within a request; the client may send 64 KiB of its body before it is asked for more.
var moments = map[string]func(*h2Hand) bool{
	"before the body": func(c *h2Hand) bool { return c.begun },
	"in the body":     func(c *h2Hand) bool { return c.body.Len() >= 32<<10 },
	"after the body":  func(c *h2Hand) bool { return c.whole },
}

// endings of a connection, or of its first request and the connection after that.
var endings = map[string]func(*h2Hand){
	"GOAWAY, request not looked at": func(c *h2Hand) { c.goAway(0, codeNone); c.end() },
	"GOAWAY, request looked at":     func(c *h2Hand) { c.goAway(firstStream, codeNone); c.end() },
	"GOAWAY of a graceful end":      func(c *h2Hand) { c.goAway(1<<31-1, codeNone); c.goAway(firstStream, codeNone); c.end() },
	"GOAWAY of an error":            func(c *h2Hand) { c.goAway(firstStream, codeInternal); c.cut() },
	"GOAWAY to calm down":           func(c *h2Hand) { c.goAway(0, codeCalm); c.end() },
	"GOAWAY in the reply":           func(c *h2Hand) { c.reply(`{"acc`); c.goAway(firstStream, codeNone); c.end() },
	"RST_STREAM, refused":           func(c *h2Hand) { c.frame(frameReset, 0, firstStream, codeRefused); c.end() },
	"RST_STREAM, cancelled":         func(c *h2Hand) { c.frame(frameReset, 0, firstStream, codeCancel); c.end() },
	"RST_STREAM, internal":          func(c *h2Hand) { c.frame(frameReset, 0, firstStream, codeInternal); c.end() },
	"RST_STREAM, no error":          func(c *h2Hand) { c.frame(frameReset, 0, firstStream, codeNone); c.end() },
	"RST_STREAM in the reply":       func(c *h2Hand) { c.reply(`{"acc`); c.frame(frameReset, 0, firstStream, codeCancel); c.end() },
	"end":                           (*h2Hand).end,
	"reset":                         (*h2Hand).cut,
	"end in a frame":                func(c *h2Hand) { _, _ = c.Write([]byte{0, 0, 8, frameGoAway, 0, 0}); c.end() },
	"no HTTP/2":                     func(c *h2Hand) { _, _ = c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); c.end() },
}

func farewells() map[string]farewell {
	all := map[string]farewell{}
	for what, how := range endings {
		for when, moment := range moments {
			all[what+" "+when] = farewell{secure: true, moment: moment, path: "/v1/events", how: how}
		}
		after := moments["after the body"]
		all[what+" after commit"] = farewell{secure: true, moment: after, path: "/v1/events", commit: true, how: how} // some lie about it then; the event's id saves us
		all[what+" after commit, clear"] = farewell{moment: after, path: "/v1/events", commit: true, how: how}
	}
	return all
}

// TestRow27ConnectionEndsMidFlight: whenever and however an HTTP/2 connection ends, each event is stored once.
func TestRow27ConnectionEndsMidFlight(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, farewells(), func(t *testing.T, f farewell) {
		sink := faultsink.New()
		server, hc, came := f.serve(t, sink)
		client := newTroubled(t, server.URL, hc)
		ids := recordLarge(t, client, 35)
		client.recovered(sink, ids)
		if !<-came {
			t.Error("the connection ended before the moment came")
		}
		requests := sink.Requests()
		if f.commit {
			requests = requests[1:] // the first is the test's own
		}
		checkHTTP2(t, requests)
	})
}

// serve starts a server whose first connection ends like this. It tells whether the moment came.
func (f farewell) serve(t *testing.T, sink *faultsink.Sink) (*httptest.Server, *http.Client, <-chan bool) {
	came := make(chan bool, 1)
	hand := new(firstByHand)
	t.Cleanup(hand.running.Wait) // after those of h2Server
	server, hc := h2Server(t, sink, f.secure, func(s *httptest.Server) {
		hand.Listener = s.Listener
		hand.script = func(c net.Conn) {
			conn := newH2Hand(c, s.TLS)
			came <- conn.until(f.moment)
			if f.commit {
				conn.commit(sink, f.path)
			}
			f.how(conn)
		}
		s.Listener = hand
	})
	return server, hc, came
}

// TestRow27Silence: a server that says GOAWAY and then neither answers nor closes is left when the time-out is over.
func TestRow27Silence(t *testing.T) {
	t.Parallel() // most of it is waiting
	sink := faultsink.New()
	silent := farewell{secure: true, moment: moments["after the body"], path: "/v1/events", commit: true, how: func(c *h2Hand) { c.goAway(firstStream, codeNone); c.linger() }}
	server, hc, came := silent.serve(t, sink)
	client := newTroubled(t, server.URL, hc, sentrial.WithTimeout(2*time.Second))
	ids := recordLarge(t, client, 35)
	if err := client.failure(35); !errors.Is(err, context.DeadlineExceeded) || !<-came {
		t.Errorf("the error is %v, want the time-out", err)
	}
	flush(t, client.Client)
	r := sink.Report() // a busy machine may need several time-outs, whose requests were cut
	if lost, unknown, twice := len(r.Lost(ids)), len(r.Unknown(ids)), r.StoredDuplicates(); lost+unknown+twice+len(r.Changed) > 0 {
		t.Errorf("%d events lost, %d unknown, %d stored twice, %d changed", lost, unknown, twice, len(r.Changed))
	}
}

// TestRow27Streams: what ends one request leaves the connection to the others.
func TestRow27Streams(t *testing.T) {
	t.Parallel() // most of it is waiting
	type fault struct {
		secure bool
		rule   faultsink.Rule
	}
	faults := map[string]fault{}
	for _, secure := range []bool{true, false} {
		for name, rule := range map[string]faultsink.Rule{
			"RST_STREAM before the body": faultsink.Sequence(faultsink.Accept, faultsink.Reset),
			"RST_STREAM after the body":  faultsink.Sequence(faultsink.Accept, faultsink.ResetAfterBody),
			"RST_STREAM after commit":    faultsink.Sequence(faultsink.LoseReply),
			"reply cut":                  faultsink.Sequence(faultsink.Accept, faultsink.Cut(faultsink.Accept)),
			"answered without the body":  faultsink.Sequence(faultsink.Accept, faultsink.Answer(503, "text/plain", "busy")),
			"GOAWAY with every reply":    faultsink.Always(faultsink.With(faultsink.Accept, faultsink.Set("Connection", "close"))),
			"GOAWAY with a failure":      faultsink.Sequence(faultsink.Status(502, faultsink.Set("Connection", "close"))),
		} {
			faults[fmt.Sprint(name, ", TLS ", secure)] = fault{secure, rule}
		}
	}
	together(t, faults, func(t *testing.T, f fault) {
		sink := faultsink.New(f.rule)
		server, hc := h2Server(t, sink, f.secure, asItIs)
		client := newTroubled(t, server.URL, hc, sentrial.WithBatchBytes(32<<10))
		client.recovered(sink, recordLarge(t, client, 100))
		checkHTTP2(t, sink.Requests())
	})
}

// TestRow27FewStreams: a server that is slow, and takes one request at a time on a connection, gets several connections.
func TestRow27FewStreams(t *testing.T) {
	t.Parallel() // most of it is waiting
	sink := faultsink.New(faultsink.Times(4, faultsink.Then(faultsink.Wait(time.Second), faultsink.Accept)))
	server, hc := h2Server(t, sink, true, func(s *httptest.Server) { s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 1} })
	client := newTroubled(t, server.URL, hc, sentrial.WithBatchBytes(16<<10))
	client.recovered(sink, recordLarge(t, client, 100))
	checkHTTP2(t, sink.Requests())
	connections := map[string]bool{}
	for _, r := range sink.Requests() {
		connections[r.RemoteAddr] = true
	}
	if len(connections) < 2 {
		t.Error("one connection for all requests")
	}
}

// TestRow27RollingRestart: a server that is shut down in order, with requests under way and others waiting, is followed by the next one.
func TestRow27RollingRestart(t *testing.T) {
	t.Parallel() // most of it is waiting
	var arrived atomic.Int32
	several, proceed := make(chan struct{}), make(chan struct{})
	sink := faultsink.New(faultsink.Times(3, func(x *faultsink.Exchange) {
		if arrived.Add(1) == 3 {
			close(several)
		}
		<-proceed
		faultsink.Accept(x)
	}))
	first, hc := h2Server(t, sink, true, asItIs)
	second, _ := h2Server(t, sink, true, asItIs)
	var current atomic.Pointer[httptest.Server]
	current.Store(first)
	hc.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, current.Load().Listener.Addr().String())
	}
	client := newTroubled(t, first.URL, hc, sentrial.WithBatchBytes(16<<10))
	ids := recordLarge(t, client, 100)
	<-several
	current.Store(second)
	shut := make(chan error)
	go func() { shut <- first.Config.Shutdown(t.Context()) }() // says GOAWAY, and waits for what is under way
	close(proceed)
	if err := <-shut; err != nil {
		t.Error(err)
	}
	client.recovered(sink, append(ids, recordLarge(t, client, 10)...))
	if s := client.Stats(); s.Duplicates > 0 || s.Retries > 0 {
		t.Errorf("%d duplicates, %d retries, want none: every request was finished or not begun", s.Duplicates, s.Retries)
	}
	checkHTTP2(t, sink.Requests())
}
