package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

func TestRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(
			t, server, sentrial.WithAPIURL("https://api.example.com/base/"), sentrial.WithAPIKey("key-1"), sentrial.WithProjectID("proj"), sentrial.WithService("svc", "1.2.3", "prod"),
			sentrial.WithCompression(sentrial.CompressionNone),
		)
		ids := record(t, client, 2)
		flush(t, client)
		r := server.requests()[0]
		if r.Method != http.MethodPost || r.URL.String() != "https://api.example.com/base/v1/events" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		want := http.Header{
			"Authorization": {"Bearer key-1"}, "Sentrial-Version": {"1"}, "X-Sentrial-Project": {"proj"}, "Content-Type": {"application/json"},
			"User-Agent": {"sentrial-go/" + sentrial.Version}, "Idempotency-Key": {r.key()},
		}
		if !reflect.DeepEqual(r.Header, want) || r.key() == "" {
			t.Errorf("got %v\nwant %v", r.Header, want)
		}
		checkIDs(t, "events", r.ids, ids)
		var body struct {
			Client map[string]string `json:"client"`
			SentAt time.Time         `json:"sent_at"`
		}
		if err := json.Unmarshal([]byte(r.json), &body); err != nil {
			t.Fatal(err)
		}
		id := body.Client["id"]
		if want := map[string]string{"id": id, "sdk": "sentrial-go", "version": sentrial.Version, "service": "svc", "release": "1.2.3", "environment": "prod"}; !reflect.DeepEqual(body.Client, want) || id == "" {
			t.Errorf("client is %v", body.Client)
		}
		if !body.SentAt.Equal(time.Now()) {
			t.Errorf("sent_at is %s", body.SentAt)
		}
		record(t, client, 1)
		flush(t, client)
		if second := server.requests()[1]; !strings.Contains(second.json, id) || second.key() == r.key() {
			t.Error("the next batch has another client id, or the same key")
		}
	})
}

func TestRequestWithoutKeyAndProject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server)
		record(t, client, 1)
		flush(t, client)
		h := server.requests()[0].Header
		if h["Authorization"] != nil || h["X-Sentrial-Project"] != nil {
			t.Errorf("got %v", h)
		}
	})
}

func TestCompression(t *testing.T) {
	const far, near = "https://api.example.com", "http://127.0.0.1:7437"
	announced := func(value string) step {
		return func(r *sent) (*http.Response, error) { return accepted(r, "Accept-Encoding", value), nil }
	}
	tests := []struct {
		name  string
		url   string
		mode  sentrial.Compression
		first step
		want  []string // of the first and of the second request
	}{
		{"far away", far, sentrial.CompressionAuto, accept, []string{"gzip", "gzip"}},
		{"far away, zstd announced", far, sentrial.CompressionAuto, announced("gzip, zstd"), []string{"gzip", "zstd"}},
		{"announced with a weight", far, sentrial.CompressionAuto, announced("zstd;q=0.5,gzip"), []string{"gzip", "zstd"}},
		{"refused by weight", far, sentrial.CompressionAuto, announced("gzip, zstd;q=0"), []string{"gzip", "gzip"}},
		{"announced by an error", far, sentrial.CompressionAuto, status(503, "Accept-Encoding", "zstd"), []string{"gzip", "zstd"}},
		{"loopback", near, sentrial.CompressionAuto, announced("gzip, zstd"), []string{"", ""}},
		{"loopback by name", "http://localhost:1", sentrial.CompressionAuto, accept, []string{"", ""}},
		{"loopback by IPv6", "http://[::1]:1", sentrial.CompressionAuto, accept, []string{"", ""}},
		{"none", far, sentrial.CompressionNone, announced("zstd"), []string{"", ""}},
		{"gzip", near, sentrial.CompressionGzip, announced("zstd"), []string{"gzip", "gzip"}},
		{"zstd", near, sentrial.CompressionZstd, accept, []string{"zstd", "zstd"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, tt.first)
				client := newClient(t, server, sentrial.WithAPIURL(tt.url), sentrial.WithAPIKey("k"), sentrial.WithCompression(tt.mode))
				for range 2 {
					record(t, client, 300)
					flush(t, client)
				}
				var got []string
				for _, r := range server.requests()[:2] {
					got = append(got, r.Header.Get("Content-Encoding"))
					if encoded := r.Header.Get("Content-Encoding") != ""; encoded != (r.ContentLength < int64(len(r.json))/2) || len(r.ids) != 300 {
						t.Errorf("%d events, %d bytes of JSON sent as %d", len(r.ids), len(r.json), r.ContentLength)
					}
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("encodings %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// TestRedirectsAreNotFollowed: a 3xx is tried again where it came from; nothing goes to where it points.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"http://evil.example/v1/events", "http://memhttp.localhost:81/v1/events", "https://memhttp.localhost/v1/events", "/elsewhere", "?again"} {
			t.Run(fmt.Sprint(code, location), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					seen := make(chan string, 10)
					server := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						seen <- r.Host + r.URL.String()
						if len(seen) < 3 {
							http.Redirect(w, r, location, code)
							return
						}
						acceptAll(w, r)
					}))
					client := newClient(t, server.Transport(), sentrial.WithAPIURL(server.URL()), sentrial.WithAPIKey("k"))
					record(t, client, 1)
					flush(t, client)
					close(seen)
					n := 0
					for where := range seen {
						if n++; where != "memhttp.localhost/v1/events" {
							t.Errorf("a request went to %s", where)
						}
					}
					if n != 3 {
						t.Errorf("%d requests, want 3", n)
					}
					client.Close(t.Context())
				})
			})
		}
	}
}

// acceptAll is a handler that takes every event.
func acceptAll(w http.ResponseWriter, r *http.Request) {
	var batch struct{ Events []json.RawMessage }
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))
}

// TestUsersHTTPClientIsNotChanged: not its redirect policy, not its connections.
func TestUsersHTTPClientIsNotChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, status(302, "Location", "http://elsewhere.example/"))
		own := &idleCounter{RoundTripper: server}
		asked := 0
		user := &http.Client{Transport: own, Timeout: time.Hour, CheckRedirect: func(*http.Request, []*http.Request) error { asked++; return nil }}
		client := newClient(t, nil, sentrial.WithHTTPClient(user))
		record(t, client, 1)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if asked > 0 {
			t.Error("the user's CheckRedirect was asked")
		}
		if user.CheckRedirect == nil || user.CheckRedirect(nil, nil) != nil || asked != 1 || user.Transport != http.RoundTripper(own) || user.Timeout != time.Hour {
			t.Error("the user's client was changed")
		}
		if own.closed > 0 {
			t.Error("the user's idle connections were closed")
		}
	})
}

type idleCounter struct {
	http.RoundTripper
	closed int
}

func (c *idleCounter) CloseIdleConnections() { c.closed++ }

// TestConnections over a real HTTP client and server: connections that break, bodies that dribble, a server that never answers.
func TestConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server *memhttp.Server
		n := 0
		server = memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch n++; n {
			case 1: // cut before the body is read
				server.CloseConnections()
			case 2: // cut inside the reply
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Content-Length", "1000")
				_, _ = io.WriteString(w, `{"accepted":`)
				_ = http.NewResponseController(w).Flush()
				server.CloseConnections()
			case 3: // no answer
				_, _ = io.Copy(io.Discard, r.Body)
				<-r.Context().Done()
			case 4: // an answer without end
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "application/json")
				for r.Context().Err() == nil {
					_, _ = io.WriteString(w, " ")
					_ = http.NewResponseController(w).Flush()
					time.Sleep(time.Second)
				}
			default:
				acceptAll(w, r)
			}
		}))
		client := newClient(t, server.Transport(), sentrial.WithTimeout(5*time.Second), sentrial.WithCloseTimeout(time.Hour))
		record(t, client, 100)
		flush(t, client)
		checkStats(t, client, 100, 0, nothing)
		if n != 5 {
			t.Errorf("%d requests, want 5", n)
		}
		client.Close(t.Context())
	})
}

// TestCallersNeverWait: not for a server that hangs, and not for a queue that is full.
func TestCallersNeverWait(t *testing.T) {
	for name, trouble := range map[string]step{"hang": hang, "network": unreachable, "503": status(503), "401": status(401)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t)
				server.rest = trouble
				client := newClient(t, server, sentrial.WithQueueBytes(16<<10))
				for range 50 {
					start := time.Now()
					record(t, client, 20)
					if waited := time.Since(start); waited != 0 {
						t.Fatalf("recording took %v", waited)
					}
					time.Sleep(300 * time.Millisecond)
				}
				s := client.Stats()
				if err := lawOf(s); err != nil || s.Accepted != 1000 || s.Dropped[sentrial.DropOverflow] == 0 || s.QueueBytes > 16<<10 {
					t.Errorf("%v: %+v", err, s)
				}
				if s.LastError == nil && name != "hang" {
					t.Error("there is no last error")
				}
			})
		})
	}
}

// TestInFlight: events in a request are counted as such, and only these.
func TestInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, func(r *sent) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return accept(r)
		})
		client := newClient(t, server)
		record(t, client, 3)
		time.Sleep(2 * time.Second)
		record(t, client, 2)
		if s := client.Stats(); s.InFlight != 3 || s.Queued != 5 || s.Delivered != 0 || lawOf(s) != nil {
			t.Errorf("during the request: %+v", s)
		}
		flush(t, client)
		if s := client.Stats(); s.InFlight != 0 || s.Delivered != 5 {
			t.Errorf("after it: %+v", s)
		}
	})
}

// TestOpenSpanIsAnnounced once, after two seconds, as running, and is in no counter.
func TestOpenSpanIsAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server, sentrial.WithFlushInterval(100*time.Millisecond))
		ctx := client.Session("s").Context(t.Context())
		start := time.Now()
		_, quick := sentrial.StartTool(ctx, types.ToolCall{ToolName: "quick"})
		_, slow := sentrial.StartTool(ctx, types.ToolCall{ToolName: "slow", ToolInput: map[string]any{"q": 1}})
		time.Sleep(1900 * time.Millisecond)
		quick.End(nil)
		time.Sleep(10 * time.Minute)
		s := client.Stats()
		if s.Accepted != 1 || s.Delivered != 1 || lawOf(s) != nil {
			t.Errorf("got %+v", s)
		}
		slow.ToolOutput = "done"
		slow.End(nil)
		flush(t, client)
		checkStats(t, client, 2, 0, nothing)

		var statuses []string
		for _, r := range server.requests() {
			for _, e := range r.events {
				m := members(t, []byte(e))
				if m["id"] != slow.ID() {
					continue
				}
				statuses = append(statuses, m["status"].(string))
				if m["status"] == "running" {
					checkBetween(t, "announced after", r.at.Sub(start), 2*time.Second, 2100*time.Millisecond)
					if m["tool_name"] != "slow" || m["tool_input"] == nil || m["seq"] != json.Number("2") {
						t.Errorf("the copy is %v", m)
					}
				} else if m["duration_ms"] == nil || m["tool_output"] != "done" || m["seq"] != json.Number("2") {
					t.Errorf("the end is %v", m)
				}
			}
		}
		if want := []string{"running", "success"}; !slices.Equal(statuses, want) {
			t.Errorf("it was sent as %v, want %v", statuses, want)
		}
	})
}

// TestCopyAndEndInOneBatch: both have one id; a reply counts them as two.
func TestCopyAndEndInOneBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, func(r *sent) (*http.Response, error) {
			return reply(r, 207, fmt.Sprintf(`{"results":[{"id":%q,"status":200},{"id":%q,"status":200}]}`, r.ids[0], r.ids[1])), nil
		})
		client := newClient(t, server, sentrial.WithFlushInterval(time.Hour))
		_, span := sentrial.StartStep(client.Session("s").Context(t.Context()), types.Step{Name: "n"})
		time.Sleep(3 * time.Second)
		span.End(nil)
		flush(t, client)
		requests := server.requests()
		if len(requests) != 1 || len(requests[0].ids) != 2 {
			t.Fatalf("%d requests, the first of %v", len(requests), requests[0].ids)
		}
		checkStats(t, client, 1, 0, nothing)
	})
}

// TestKeyIsNowhere: not in what is printed, logged or returned, also when the server or the HTTP client repeats it.
func TestKeyIsNowhere(t *testing.T) {
	const key = "sk-canary-5f1e7c"
	echo := func(r *sent) (*http.Response, error) {
		return reply(r, 403, fmt.Sprintf(`{"error":{"code":"%s","message":"%s","request_id":"%[1]s"}}`, key, r.Header.Get("Authorization"))), nil
	}
	shout := func(r *sent) (*http.Response, error) { return nil, fmt.Errorf("cannot send %v", r.Header) }
	throw := func(r *sent) (*http.Response, error) { panic(fmt.Sprint(r.Header)) }
	synctest.Test(t, func(t *testing.T) {
		var log logged
		server := newScript(t, echo, shout, throw)
		server.rest = echo
		client := newClient(t, server, sentrial.WithAPIKey(key), sentrial.WithLogger(log.logger()))
		ctx, session := client.CreateSession(t.Context(), "s")
		_, span := sentrial.StartStep(ctx, types.Step{})
		var texts []string
		for range 10 {
			record(t, client, 1)
			time.Sleep(30 * time.Second)
			texts = append(texts, fmt.Sprint(client.Stats().LastError))
		}
		expired, cancel := context.WithCancel(t.Context())
		cancel()
		err := client.Close(expired)
		if incomplete := new(sentrial.IncompleteError); !errors.As(err, &incomplete) {
			t.Fatalf("Close: %v", err)
		}
		for _, v := range []any{client, session, span, err, errors.Unwrap(err), client.Stats()} {
			texts = append(texts, fmt.Sprintf("%v %+v %#v %s", v, v, v, v))
		}
		texts = append(texts, log.lines()...)
		if all := strings.Join(texts, "\n"); strings.Contains(all, key) {
			t.Errorf("the key is in\n%s", all)
		}
		if len(log.lines()) < 2 {
			t.Errorf("logged %q", log.lines())
		}
	})
}
