package httpx_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

func serve(t *testing.T, h http.HandlerFunc) (*http.Client, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	tr := httpx.NewTransport()
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}, s.URL
}

func request(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestDo(t *testing.T) {
	client, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "req_1")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.Copy(w, r.Body)
	})
	for _, c := range []struct {
		max       int64
		body      string
		truncated bool
	}{{100, "body", false}, {4, "body", false}, {3, "bod", true}, {0, "", true}, {-1, "", true}} {
		r, err := httpx.Do(client, request(t, url), c.max)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != http.StatusTeapot || r.Header.Get("X-Request-Id") != "req_1" || string(r.Body) != c.body || r.Truncated != c.truncated {
			t.Errorf("at most %d bytes: got %+v", c.max, r)
		}
	}
}

func TestDoUsesOneConnectionAgainAndAgain(t *testing.T) {
	ports := map[string]bool{}
	client, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ports[r.RemoteAddr] = true // one request after the other
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	})
	for range 5 {
		if _, err := httpx.Do(client, request(t, url), 1000); err != nil {
			t.Fatal(err)
		}
	}
	if len(ports) != 1 {
		t.Errorf("%d connections for 5 requests", len(ports))
	}
}

func TestDoTellsOfAReplyCutShort(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"accepted":`)
		},
		"chunks": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"accepted":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1})
		},
	} {
		client, url := serve(t, h)
		_, err := httpx.Do(client, request(t, url), 1<<20)
		var cut *httpx.CutError
		if !errors.As(err, &cut) || cut.Status != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: error %v (%T), want a *CutError of status 200", name, err, err)
		}
	}
}

// A body that never ends costs no more than what is asked for, even when its sender then
// falls silent: nothing waits for the rest.
func TestDoDoesNotWaitForWhatItDoesNotWant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = w.Write(bytes.Repeat([]byte("x"), 101))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		began := time.Now()
		r, err := httpx.Do(s.Client(), request(t, s.URL()), 100)
		if err != nil || len(r.Body) != 100 || !r.Truncated {
			t.Errorf("got %+v, %v", r, err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v", took)
		}
	})
}

func TestDoGivesUpOnASlowBodyWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("x"))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(100 * time.Millisecond)
			}
		}))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		began := time.Now()
		_, err := httpx.Do(s.Client(), request(t, s.URL()).WithContext(ctx), 1<<20)
		var cut *httpx.CutError
		if !errors.As(err, &cut) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want a *CutError by the deadline", err)
		}
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestDoKeepsSecretsOutOfErrors(t *testing.T) {
	refused := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("connection refused")
	}}}
	_, err := httpx.Do(refused, request(t, "http://user:pass%20word@host.test/v1/events?key=sekret#frag"), 10)
	if err == nil {
		t.Fatal("no error")
	}
	if got, want := err.Error(), `Post "http://host.test/v1/events": connection refused`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNoRedirect(t *testing.T) {
	reached := make(chan string, 10)
	_, other := serve(t, func(_ http.ResponseWriter, r *http.Request) { reached <- r.URL.Path })
	client, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status := map[string]int{"/301": 301, "/302": 302, "/303": 303, "/307": 307, "/308": 308}[r.URL.Path]
		http.Redirect(w, r, other+"/leak", status)
	})
	own := httpx.NoRedirect(client)
	for path, status := range map[string]int{"/301": 301, "/302": 302, "/303": 303, "/307": 307, "/308": 308} {
		r, err := httpx.Do(own, request(t, url+path), 1<<10)
		if err != nil || r.Status != status || r.Header.Get("Location") != other+"/leak" {
			t.Errorf("%s: got %+v, %v", path, r, err)
		}
	}
	if len(reached) > 0 {
		t.Errorf("a redirect was followed to %s", <-reached)
	}
	if client.CheckRedirect != nil {
		t.Error("the original client was changed")
	}
	if _, err := httpx.Do(client, request(t, url+"/307"), 1<<10); err != nil || len(reached) != 1 {
		t.Errorf("the original client no longer follows: %v", err)
	}
}

func TestNoRedirectKeepsTheRest(t *testing.T) {
	used := errors.New("the client's own transport")
	c := &http.Client{Transport: failing{used}, Timeout: time.Minute, Jar: jar{}}
	own := httpx.NoRedirect(c)
	if own == c || own.Timeout != c.Timeout || own.Jar != c.Jar {
		t.Errorf("got %+v of %+v", own, c)
	}
	own.Jar = nil
	if _, err := httpx.Do(own, request(t, "http://host.test"), 10); !errors.Is(err, used) {
		t.Errorf("error %v, want that of %v", err, used)
	}
	if httpx.NoRedirect(nil).CheckRedirect == nil {
		t.Error("without a client it follows redirects")
	}
}

type jar struct{ http.CookieJar }

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// A Location that is no URL is a redirect all the same, and its text goes nowhere.
func TestNoRedirectToNoURL(t *testing.T) {
	for _, location := range []string{"http://[::1", "http://%zz", ":"} {
		client, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
		})
		r, err := httpx.Do(httpx.NoRedirect(client), request(t, url), 10)
		if err != nil || r.Status != http.StatusFound || r.Header.Get("Location") != "" {
			t.Errorf("%q: got %+v, %v", location, r, err)
		}
	}
}

func TestTransportIsPrivate(t *testing.T) {
	a, b := httpx.NewTransport(), httpx.NewTransport()
	if a == b || a == http.DefaultTransport {
		t.Error("transports are shared")
	}
	if a.IdleConnTimeout <= 0 || a.TLSHandshakeTimeout <= 0 || !a.ForceAttemptHTTP2 || a.Proxy == nil {
		t.Errorf("got %+v", a)
	}
}
