package sentrial_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// anyServer is a server whose kind can be changed, and which counts what it stored and what it was asked.
type anyServer struct {
	mu     sync.Mutex
	kind   http.HandlerFunc
	asked  []string // "METHOD PATH" of every request, ids left out
	batch  []string // ids of events that came in batches
	hosted []string // ids of events that came one by one
	ids    int
}

func (s *anyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := r.URL.Path
	if strings.HasPrefix(path, "/api/sdk/sessions/") {
		path = "/api/sdk/sessions/*"
	}
	s.asked = append(s.asked, r.Method+" "+path)
	s.kind(w, r)
}

func (s *anyServer) become(kind http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind = kind
}

// count tells how often a route was asked.
func (s *anyServer) count(route string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, asked := range s.asked {
		if asked == route {
			n++
		}
	}
	return n
}

// requests are all that came.
func (s *anyServer) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

func (s *anyServer) stored() (batch, hosted []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.batch), slices.Clone(s.hosted)
}

func writeJSONReply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// batches is a server of the batch protocol. It knows nothing of the other.
func (s *anyServer) batches(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz":
		writeJSONReply(w, http.StatusOK, `{"status":"ok","service":"sentrial","protocols":["batch"]}`)
	case "/v1/events":
		raw, _ := io.ReadAll(r.Body)
		body, _ := decodedBody(r.Header.Get("Content-Encoding"), raw)
		var sent struct{ Events []struct{ ID string } }
		_ = json.Unmarshal(body, &sent)
		for _, e := range sent.Events {
			s.batch = append(s.batch, e.ID)
		}
		writeJSONReply(w, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[]}`, len(sent.Events)))
	default:
		writeJSONReply(w, http.StatusNotFound, `{"error":{"code":"not_found","message":"no such route"}}`)
	}
}

// oneByOne is a server of the hosted protocol. It knows nothing of the other.
func (s *anyServer) oneByOne(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/api/sdk/") {
		writeJSONReply(w, http.StatusNotFound, `{"error":"not_found","message":"no such route"}`)
		return
	}
	var sent struct {
		Metadata struct {
			EventID string `json:"event_id"`
		}
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &sent)
	s.hosted = append(s.hosted, sent.Metadata.EventID)
	s.ids++
	writeJSONReply(w, http.StatusOK, fmt.Sprintf(`{"id":"srv_%d"}`, s.ids))
}

// both speaks both protocols, as `sentrial serve` does.
func (s *anyServer) both(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.oneByOne(w, r)
		return
	}
	s.batches(w, r)
}

// ingress answers everything as one does that has nothing behind it.
func ingress(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "<html>404 page not found</html>")
}

func portal(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = io.WriteString(w, "<html>please log in</html>")
}

func broken(w http.ResponseWriter, _ *http.Request) {
	writeJSONReply(w, http.StatusServiceUnavailable, `{}`)
}

// autoClient is a client that has to find out what the server at a host speaks. Each test has a host of its own: the process remembers what it learned.
func autoClient(t *testing.T, s http.Handler, host string, opts ...sentrial.Option) *sentrial.Client {
	t.Helper()
	server := memhttp.New(t, s)
	own := []sentrial.Option{
		sentrial.WithAPIURL("http://" + host), sentrial.WithAPIKey("key-1"), sentrial.WithHTTPClient(server.Client()), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(t.Context()) })
	return client
}

// run records a session of three events and gives their ids.
func runOf(t *testing.T, client *sentrial.Client) (ids []string) {
	ctx, session := client.CreateSession(t.Context(), "run")
	for i := range 3 {
		ids = append(ids, session.TrackStep(ctx, types.Step{Name: fmt.Sprint(i)}))
	}
	session.Close(ctx, types.SessionResult{})
	return ids
}

// checkStored: these events are stored, once each.
func checkStored(t *testing.T, what string, stored, ids []string) {
	t.Helper()
	for _, id := range ids {
		n := 0
		for _, other := range stored {
			if other == id {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: event %s is stored %d times, want once", what, id, n)
		}
	}
}

func TestAutoFindsAHostedServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		client := autoClient(t, s, "hosted.example")
		ids := runOf(t, client)
		began := time.Now()
		flush(t, client)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %v to find out", took)
		}
		_, hosted := s.stored()
		checkStored(t, "hosted", hosted, ids)
		if s.count("POST /v1/events") != 1 || s.count("GET /healthz") != 2 { // before the trial and after it
			t.Errorf("asked %q", s.requests())
		}
		checkStats(t, client, 5, 0, nothing)
		if _, err := client.GetSession(t.Context(), "x"); !errors.Is(err, sentrial.ErrUnsupported) {
			t.Errorf("GetSession: %v, want ErrUnsupported", err)
		}
	})
}

// TestAutoSendsOneProbe: until something is known of the server, one request is enough, however slow it is and however much there is to send.
func TestAutoSendsOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(200 * time.Millisecond)
			s.ServeHTTP(w, r)
		})
		client := autoClient(t, slow, "slow.example", sentrial.WithBatchBytes(2<<10))
		for range 20 {
			runOf(t, client)
		}
		time.Sleep(5 * time.Minute)
		if n := s.count("POST /v1/events"); n != 1 {
			t.Errorf("%d batches were sent, want one", n)
		}
		checkStats(t, client, 100, 0, nothing)
	})
}

// TestAutoAsksAHostedServerAgain every ten minutes, and follows it when it has learned the batch protocol.
func TestAutoAsksAHostedServerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		client := autoClient(t, s, "learns.example")
		ids := runOf(t, client)
		flush(t, client)
		for range 5 {
			time.Sleep(9 * time.Minute)
			ids = append(ids, runOf(t, client)...)
			flush(t, client)
		}
		if n := s.count("GET /healthz"); n < 3 || n > 6 {
			t.Errorf("/healthz was asked %d times in 45 minutes, want about one in ten minutes", n)
		}
		s.become(s.both)
		later := runOf(t, client) // not asked again yet
		flush(t, client)
		time.Sleep(11 * time.Minute)
		now := runOf(t, client)
		flush(t, client)
		batch, hosted := s.stored()
		checkStored(t, "hosted", hosted, append(ids, later...))
		checkStored(t, "batch", batch, now)
		checkStats(t, client, 5*8, 0, nothing)
	})
}

// TestAutoFollowsAReplacedServer: a hosted server is replaced by one that knows nothing but batches.
func TestAutoFollowsAReplacedServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		client := autoClient(t, s, "replaced.example")
		before := runOf(t, client)
		flush(t, client)
		s.become(s.batches)
		after := runOf(t, client)
		flush(t, client)
		batch, hosted := s.stored()
		checkStored(t, "hosted", hosted, before)
		checkStored(t, "batch", batch, after)
		checkStats(t, client, 10, 0, nothing)
	})
}

// TestAutoStaysWithBatches: a URL that acknowledged a batch is one for batches, also for other clients of this process, whatever it answers later.
func TestAutoStaysWithBatches(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{"ingress": ingress, "portal": portal, "hosted": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &anyServer{}
				s.become(s.batches)
				client := autoClient(t, s, name+".batch.example")
				ids := runOf(t, client)
				flush(t, client)
				if trouble == nil {
					trouble = s.oneByOne
				}
				s.become(trouble)
				later := autoClient(t, s, name+".batch.example")
				ids = append(append(ids, runOf(t, client)...), runOf(t, later)...)
				time.Sleep(30 * time.Minute)
				if n := s.count("GET /healthz") + s.count("POST /api/sdk/sessions"); n != 0 {
					t.Errorf("asked %q", s.requests())
				}
				s.become(s.batches)
				time.Sleep(2 * time.Minute)
				batch, _ := s.stored()
				checkStored(t, "batch", batch, ids)
				checkStats(t, client, 10, 0, nothing)
				checkStats(t, later, 5, 0, nothing)
			})
		})
	}
}

// TestAutoIsNotFooled: an ingress or a portal in front of a server, from the beginning, switches nothing, whichever server it is.
func TestAutoIsNotFooled(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{"ingress": ingress, "portal": portal, "broken": broken} {
		for _, kind := range []string{"batch", "hosted", "both"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &anyServer{}
					s.become(trouble)
					client := autoClient(t, s, name+"."+kind+".fools.example")
					ids := runOf(t, client)
					time.Sleep(5 * time.Minute)
					if batch, hosted := s.stored(); len(batch)+len(hosted) > 0 {
						t.Fatalf("stored %v %v", batch, hosted)
					}
					if n := len(s.requests()); n > 3*15 {
						t.Errorf("%d requests in five minutes of trouble", n)
					}
					checkStats(t, client, 0, 5, nothing)
					s.become(map[string]http.HandlerFunc{"batch": s.batches, "hosted": s.oneByOne, "both": s.both}[kind])
					time.Sleep(2 * time.Minute)
					batch, hosted := s.stored()
					if kind == "hosted" {
						batch, hosted = hosted, batch
					}
					checkStored(t, kind, batch, ids)
					if len(hosted) > 0 {
						t.Errorf("the other wire got %v", hosted)
					}
					checkStats(t, client, 5, 0, nothing)
				})
			})
		}
	}
}

// TestAutoGathersAgain: what was taken apart for a trial of the hosted wire travels in batches when there are batches after all.
func TestAutoGathersAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(ingress)
		client := autoClient(t, s, "gathers.example")
		var ids []string
		for range 500 {
			ids = append(ids, runOf(t, client)...)
		}
		time.Sleep(5 * time.Minute)
		s.become(s.both)
		before := len(s.requests())
		time.Sleep(2 * time.Minute)
		if n := len(s.requests()) - before; n > 10 {
			t.Errorf("%d requests for 2500 events", n)
		}
		batch, _ := s.stored()
		slices.Sort(batch)
		if n := len(batch); n != 2500 || len(slices.Compact(batch)) != n {
			t.Errorf("%d events stored, want 2500, once each", n)
		}
		if missing := slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(batch, id) }); len(missing) > 0 {
			t.Errorf("%d are missing", len(missing))
		}
		checkStats(t, client, 2500, 0, nothing)
	})
}

// TestHealthDecides: only an answer that does not name batches leads to the hosted wire.
func TestHealthDecides(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		media  string
		body   string
		hosted bool
	}{
		"names batch":         {200, "application/json", `{"service":"sentrial","protocols":["hosted","batch"]}`, false},
		"names hosted":        {200, "application/json", `{"service":"sentrial","protocols":["hosted"]}`, true},
		"says nothing of it":  {200, "application/json", `{"status":"ok"}`, true},
		"not found":           {404, "application/json", `{"error":"not_found","message":"no route"}`, true},
		"plain ok":            {200, "text/plain", `ok`, true},
		"in trouble":          {503, "application/json", `{}`, false},
		"crashed":             {500, "text/plain", `oops`, false},
		"wants fewer":         {429, "application/json", `{}`, false},
		"broken JSON":         {200, "application/json", `{"protocols":["bat`, false},
		"batch in other JSON": {200, "application/json", `{"protocols":"batch"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &anyServer{}
				s.become(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path != "/healthz" {
						s.oneByOne(w, r)
						return
					}
					w.Header().Set("Content-Type", c.media)
					w.WriteHeader(c.status)
					_, _ = io.WriteString(w, c.body)
				})
				client := autoClient(t, s, strings.ReplaceAll(name, " ", "-")+".health.example")
				runOf(t, client)
				time.Sleep(10 * time.Second)
				if got := s.count("POST /api/sdk/sessions") > 0; got != c.hosted {
					t.Errorf("the hosted wire was spoken: %t, want %t", got, c.hosted)
				}
			})
		})
	}
}

// TestExplicitProtocols are not second-guessed.
func TestExplicitProtocols(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		client := autoClient(t, s, "explicit.example", sentrial.WithProtocol(sentrial.ProtocolBatch))
		runOf(t, client)
		time.Sleep(10 * time.Minute)
		if n := len(s.requests()); s.count("POST /v1/events") != n {
			t.Errorf("asked %q", s.requests())
		}
		other := &anyServer{}
		other.become(other.both)
		client = autoClient(t, other, "explicit2.example", sentrial.WithProtocol(sentrial.ProtocolHosted))
		runOf(t, client)
		time.Sleep(time.Hour)
		runOf(t, client)
		flush(t, client)
		if other.count("GET /healthz")+other.count("POST /v1/events") > 0 {
			t.Errorf("asked %q", other.requests())
		}
		checkStats(t, client, 10, 0, nothing)
	})
}

// TestLoopbackIsForBatches, whatever it answers.
func TestLoopbackIsForBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		client := autoClient(t, s, "memhttp.localhost")
		runOf(t, client)
		time.Sleep(10 * time.Minute)
		if n := len(s.requests()); n == 0 || s.count("POST /v1/events") != n {
			t.Errorf("asked %q", s.requests())
		}
	})
}
