package sentinel_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

// TestRedirectsAreNotFollowed: neither to another host nor to another port, and so the token stays.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer elsewhere.Close()
	otherPort := elsewhere.URL
	otherHost := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	for _, location := range []string{otherPort, otherHost, "https://sentinel.invalid/", "/api/v1/elsewhere", "://no url"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for name, call := range calls {
				platform, client := started(t)
				platform.Inject(sentineltest.Fault{Status: status, Location: location})
				err := call(t.Context(), client)
				if failed := wantAs[*sentinel.APIError](t, err); failed.Status != status || len(platform.Requests()) != 1 {
					t.Errorf("%s: %d to %s: got %v after %d requests", name, status, location, err, len(platform.Requests()))
				}
			}
		}
	}
	if followed.Load() != 0 {
		t.Errorf("%d redirects were followed", followed.Load())
	}
}

func TestSilence(t *testing.T) {
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			platform := inMemory(t)
			platform.InjectFunc(func(*http.Request) *sentineltest.Fault { return &sentineltest.Fault{Hang: true} })
			began := time.Now()
			err := call(t.Context(), clientOf(t, platform, sentinel.WithMaxRetries(0), sentinel.WithTimeout(5*time.Second)))
			_ = wantAs[*sentinel.SilenceError](t, err)
			var slow net.Error
			if failed := wantAs[*sentinel.NetworkError](t, err); failed.Uncertain != (name != "get") || !errors.As(err, &slow) || !slow.Timeout() {
				t.Errorf("%s: got %v, uncertain %v", name, err, failed.Uncertain)
			}
			if took := time.Since(began); took != 5*time.Second {
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}

func TestSilenceIsNotTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		content, writer := io.Pipe()
		go func() {
			for range 5 {
				time.Sleep(20 * time.Second)
				_, _ = io.WriteString(writer, "a little more")
			}
			_ = writer.Close()
		}()
		doc, err := clientOf(t, platform, sentinel.WithTimeout(5*time.Second)).Documents.Upload(t.Context(), "a.txt", content)
		noError(t, err)
		if doc.Size != 65 {
			t.Errorf("%d bytes", doc.Size)
		}
	})
}

// TestSilenceInTheMiddle: the platform takes a part, or gives a part, and then no more.
func TestSilenceInTheMiddle(t *testing.T) {
	for name, c := range map[string]struct {
		h         http.HandlerFunc
		uncertain bool
	}{
		"of the request": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.CopyN(io.Discard, r.Body, 100_000)
			<-r.Context().Done()
		}, false},
		"of the reply": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"doc_id":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := clientOf(t, c.h, sentinel.WithTimeout(5*time.Second), sentinel.WithMaxRetries(0))
				began := time.Now()
				_, err := client.Documents.Upload(t.Context(), "a.bin", strings.NewReader(strings.Repeat("x", 1<<20)))
				_ = wantAs[*sentinel.SilenceError](t, err)
				if failed := wantAs[*sentinel.NetworkError](t, err); failed.Uncertain != c.uncertain || time.Since(began) != 5*time.Second {
					t.Errorf("got %v after %v, uncertain %v", err, time.Since(began), failed.Uncertain)
				}
			})
		})
	}
}

func TestSlowButNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for part := range strings.SplitSeq(`{"status": - "done"}`, "-") {
				time.Sleep(4 * time.Second)
				_, _ = io.WriteString(w, part)
				_ = http.NewResponseController(w).Flush()
			}
		}), sentinel.WithTimeout(5*time.Second), sentinel.WithMaxRetries(0))
		_, err := client.Documents.Get(t.Context(), "d")
		noError(t, err)
	})
}

func TestNoTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Delay: time.Hour})
		noError(t, calls["send"](t.Context(), clientOf(t, platform, sentinel.WithTimeout(0))))
	})
}

// TestContextEndsABlockedUpload: the reader may be blocked for ever, Upload is not.
func TestContextEndsABlockedUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		content, writer := io.Pipe()
		defer writer.Close()
		_, err := clientOf(t, inMemory(t)).Documents.Upload(ctx, "a.txt", content)
		if !errors.Is(err, context.DeadlineExceeded) || wantAs[*sentinel.NetworkError](t, err).Uncertain {
			t.Errorf("got %v", err)
		}
	})
}

func TestHugeReply(t *testing.T) {
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status": "done", "x": "`+strings.Repeat("x", 9<<20)+`"}`)
	}), sentinel.WithMaxRetries(0))
	_, err := client.Documents.Get(t.Context(), "d")
	if garbled := wantAs[*sentinel.ReplyError](t, err); !strings.Contains(garbled.Why, "longer than") {
		t.Errorf("got %v", err)
	}
}

// TestHTTP2 has a transport of another make: it reads bodies on goroutines of its own, and repeats requests by itself.
func TestHTTP2(t *testing.T) {
	platform := sentineltest.New(sentineltest.WithSteps(1))
	server := httptest.NewUnstartedServer(platform)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	source := &tokens{all: []string{"stale", platform.Token()}}
	client := newClient(t, server.URL, sentinel.WithTokenSource(source), sentinel.WithHTTPClient(server.Client()))
	content := strings.NewReader(strings.Repeat("x", 5<<20))
	doc, err := client.Documents.Upload(t.Context(), "a.bin", content)
	noError(t, err)
	_, err = client.Documents.Upload(t.Context(), "a.bin", stream{strings.NewReader("content")})
	noError(t, err)
	_, err = client.Documents.Wait(t.Context(), doc.ID)
	noError(t, err)
	if got := platform.Documents(); len(got) != 2 || got[0].Size != 5<<20 || got[1].Size != 7 {
		t.Errorf("%d documents", len(got))
	}
}

// TestRequestsEnd: what watches over a request is over with it.
func TestRequestsEnd(t *testing.T) {
	platform := sentineltest.Start(t)
	seen := &seenRequests{}
	client := newClient(t, platform.URL(), sentinel.WithAccessToken(platform.Token()), sentinel.WithHTTPClient(&http.Client{Transport: seen}))
	for _, call := range calls {
		_ = call(t.Context(), client)
	}
	for _, r := range seen.all {
		if r.Context().Err() == nil {
			t.Errorf("the context of %s %s is alive", r.Method, r.URL.Path)
		}
	}
	if len(seen.all) != len(calls) {
		t.Errorf("%d requests", len(seen.all))
	}
}

type seenRequests struct{ all []*http.Request }

func (s *seenRequests) RoundTrip(r *http.Request) (*http.Response, error) {
	s.all = append(s.all, r)
	return http.DefaultTransport.RoundTrip(r)
}

// TestRequestsThatLeftAsAWhole: the last byte decides whether the platform can have acted.
func TestRequestsThatLeftAsAWhole(t *testing.T) {
	for short, attempts := range map[int64]int{0: 1, 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			client := newClient(t, "http://sentinel.example", sentinel.WithAccessToken("t"), sentinel.WithHTTPClient(&http.Client{Transport: breaking(short)}))
			failed := wantAs[*sentinel.NetworkError](t, calls["send"](t.Context(), client))
			if failed.Attempts != attempts || failed.Uncertain != (short == 0) {
				t.Errorf("%d bytes short: %v, uncertain %v", short, failed, failed.Uncertain)
			}
		})
	}
}

// breaking is a connection that breaks so many bytes before the end of a request.
type breaking int64

func (b breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.CopyN(io.Discard, r.Body, r.ContentLength-int64(b))
	return nil, io.ErrUnexpectedEOF
}
