package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/httpx"
)

// leakPort is where redirects lead. It counts whatever comes, be it HTTP or not.
type leakPort struct {
	net.Listener

	connections, bytes atomic.Int64
	done               sync.WaitGroup
}

func newLeakPort(t *testing.T) *leakPort {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &leakPort{Listener: l}
	p.done.Go(p.accept)
	t.Cleanup(func() { _ = l.Close(); p.done.Wait() })
	return p
}

func (p *leakPort) accept() {
	for {
		c, err := p.Accept()
		if err != nil {
			return
		}
		p.connections.Add(1)
		p.done.Go(func() {
			defer c.Close()
			n, _ := c.Read(make([]byte, 64<<10)) // an answer is not worth it
			p.bytes.Add(int64(n))
		})
	}
}

// check wants a port that nobody came to. Connections queue up in order, so the test's own is the last to be counted.
func (p *leakPort) check(t *testing.T) {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = c.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
	_ = p.Close()
	p.done.Wait()
	if n := p.connections.Load() - 1; n != 0 || p.bytes.Load() != 0 {
		t.Errorf("%d connections and %d bytes came to where the redirect leads", n, p.bytes.Load())
	}
}

// in puts the port into a text.
func (p *leakPort) in(text string) string {
	return strings.ReplaceAll(text, "PORT", fmt.Sprint(p.Addr().(*net.TCPAddr).Port))
}

// redirection is one way to say that something is elsewhere. PORT stands for the leak port's.
type redirection struct {
	status   int
	location string
	tls      bool   // of the server that redirects
	leads    string // what the error must say of it
}

// redirections are those which a client could follow, or trip over.
func redirections() map[string]redirection {
	all := map[string]redirection{}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, r := range map[string]redirection{
			"another host":          {location: "http://localhost:PORT/v1/events", leads: "to http://localhost:PORT/v1/events;"},
			"another port":          {location: "http://127.0.0.1:PORT/v1/events", leads: "to http://127.0.0.1:PORT/v1/events;"},
			"no scheme":             {location: "//127.0.0.1:PORT/v1/events", leads: "to //127.0.0.1:PORT/v1/events;"},
			"http to https":         {location: "https://127.0.0.1:PORT/v1/events", leads: "to https://127.0.0.1:PORT/v1/events;"},
			"https to http":         {location: "http://127.0.0.1:PORT/v1/events", tls: true, leads: "to http://127.0.0.1:PORT/v1/events;"},
			"with secrets":          {location: "http://u:canary@127.0.0.1:PORT/v1?canary#canary", leads: "to http://127.0.0.1:PORT/v1;"},
			"another path":          {location: "/elsewhere", leads: "to /elsewhere;"},
			"the same path":         {location: "?again", leads: "leads "},
			"nowhere":               {leads: "elsewhere;"},
			"no URL":                {location: "http://[canary", leads: "elsewhere;"},
			"no URL, long":          {location: "http://%zz" + strings.Repeat("canary", 10_000), leads: "elsewhere;"},
			"another kind of thing": {location: "javascript:alert(1)", leads: "leads "},
		} {
			r.status = status
			all[fmt.Sprint(status, " ", name)] = r
		}
	}
	for _, status := range []int{300, 304, 305, 306, 399} {
		all[fmt.Sprint(status)] = redirection{status: status, location: "http://127.0.0.1:PORT/", leads: "leads "}
	}
	return all
}

// TestRow26RedirectIsNotFollowed: nothing goes to where a redirect leads, the error says where that is, and the events are delivered once it stops.
func TestRow26RedirectIsNotFollowed(t *testing.T) {
	t.Parallel() // most of it is waiting
	together(t, redirections(), func(t *testing.T, r redirection) {
		leak := newLeakPort(t)
		sink := faultsink.New(faultsink.Times(1, redirectTo(r.status, leak.in(r.location))))
		sink.Watch("canary")
		server, hc := startSink(t, sink, r.tls)
		client := newTroubled(t, server.URL(), hc, sentrial.WithProjectID("p"))
		ids := record(t, client.Client, 3)
		incomplete := client.failure(3)
		checkRedirectError(t, incomplete, r.status, leak.in(r.leads))
		client.checkSecrets("canary", incomplete)
		client.recovered(sink, ids)
		if n := len(sink.Requests()); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
		leak.check(t)
	})
}

// redirectTo answers with a redirect to any place, or to none.
func redirectTo(status int, location string) faultsink.Step {
	step := faultsink.Answer(status, "text/html", "")
	if location == "" {
		return step
	}
	return faultsink.With(step, faultsink.Set("Location", location))
}

// startSink serves a sink, and makes an HTTP client for it with the settings of one that sentrial makes for itself.
func startSink(t *testing.T, sink *faultsink.Sink, secure bool) (*faultsink.Server, *http.Client) {
	t.Helper()
	transport := httpx.NewTransport()
	if !secure {
		return faultsink.Start(t, sink), &http.Client{Transport: transport}
	}
	server := faultsink.StartTLS(t, sink, nil)
	transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	return server, &http.Client{Transport: transport}
}

// checkRedirectError wants an *APIError that tells where the redirect leads.
func checkRedirectError(t *testing.T, err error, status int, leads string) {
	t.Helper()
	api := new(sentrial.APIError)
	if !errors.As(err, &api) || api.Status != status {
		t.Fatalf("the error is %.3000v, want an *APIError of status %d", err, status)
	}
	if text := err.Error(); !strings.Contains(text, leads) || !strings.Contains(text, "redirects are not followed") || len(text) > 2000 {
		t.Errorf("the error is %.3000q, want it to say %q", text, leads)
	}
}

// TestRow26RedirectAndTheProgramsOwnClient: neither its redirect policy nor its cookies make a difference.
func TestRow26RedirectAndTheProgramsOwnClient(t *testing.T) {
	t.Parallel() // most of it is waiting
	leak := newLeakPort(t)
	moved := faultsink.With(redirectTo(http.StatusTemporaryRedirect, leak.in("http://127.0.0.1:PORT")), faultsink.Set("Set-Cookie", "a=b"))
	sink := faultsink.New(faultsink.Times(1, moved))
	server, hc := startSink(t, sink, false)
	asked := 0
	cookies := &spyJar{}
	hc.Jar, hc.CheckRedirect = cookies, func(*http.Request, []*http.Request) error { asked++; return nil }
	client := newTroubled(t, server.URL(), hc)
	ids := record(t, client.Client, 3)
	client.recovered(sink, ids)
	if asked > 0 {
		t.Errorf("the program's CheckRedirect was asked %d times", asked)
	}
	urls := cookies.urls()
	if len(urls) == 0 {
		t.Error("the program's jar was not asked")
	}
	for _, u := range urls {
		if u != server.URL()+"/v1/events" {
			t.Errorf("the jar was asked about %s", u)
		}
	}
	leak.check(t)
}

// spyJar keeps no cookies.
type spyJar struct {
	mu   sync.Mutex
	seen []string
}

func (j *spyJar) note(u *url.URL) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen = append(j.seen, u.String())
}

func (j *spyJar) SetCookies(u *url.URL, _ []*http.Cookie) { j.note(u) }

func (j *spyJar) Cookies(u *url.URL) []*http.Cookie {
	j.note(u)
	return nil
}

func (j *spyJar) urls() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string(nil), j.seen...)
}

// TestRow26RedirectedReads: what reads from the server follows no redirect either.
func TestRow26RedirectedReads(t *testing.T) {
	t.Parallel() // most of it is waiting
	reads := map[string]func(context.Context, *sentrial.Client) error{
		"GetSession": func(ctx context.Context, c *sentrial.Client) error {
			_, err := c.GetSession(ctx, "s")
			return err
		},
		"ListSessions": func(ctx context.Context, c *sentrial.Client) error {
			return firstOf(c.ListSessions(ctx, sentrial.SessionQuery{}))
		},
		"Events": func(ctx context.Context, c *sentrial.Client) error { return firstOf(c.Events(ctx, "s")) },
	}
	together(t, redirections(), func(t *testing.T, r redirection) {
		leak := newLeakPort(t)
		var requests atomic.Int32
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests.Add(1)
			if r.location != "" {
				w.Header().Set("Location", leak.in(r.location))
			}
			w.WriteHeader(r.status)
		}))
		if r.tls {
			server.StartTLS()
		} else {
			server.Start()
		}
		t.Cleanup(server.Close)
		client := newTroubled(t, server.URL, server.Client(), sentrial.WithProjectID("p"))
		for name, read := range reads {
			requests.Store(0)
			err := read(t.Context(), client.Client)
			checkRedirectError(t, err, r.status, leak.in(r.leads))
			client.checkSecrets("canary", err)
			client.checkSecrets(secretKey, err)
			if n := requests.Load(); n != 1 {
				t.Errorf("%s made %d requests, want 1", name, n)
			}
		}
		leak.check(t)
	})
}

// firstOf is the error that a sequence begins with.
func firstOf[T any](sequence iter.Seq2[T, error]) (err error) {
	for _, err = range sequence {
		break
	}
	return err
}
