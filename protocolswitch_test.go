package sentrial_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// TestAutoSwitchesBetweenRequests: what is under way when the server is asked again ends first, and nothing of its session is forgotten.
func TestAutoSwitchesBetweenRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				time.Sleep(50 * time.Millisecond)
			}
			s.ServeHTTP(w, r)
		})
		client := autoClient(t, slow, "switches.example")
		runOf(t, client)
		flush(t, client)
		s.become(s.both)
		time.Sleep(9*time.Minute + 50*time.Second)
		n := 5
		for range 4 {
			ctx, session := client.CreateSession(t.Context(), "long")
			for range 600 {
				session.TrackStep(ctx, types.Step{Name: "s"})
			}
			n += 601
		}
		time.Sleep(30 * time.Minute)
		checkStats(t, client, n, 0, nothing)
	})
}

// TestAutoOnAServerThatIsRolledBack: the reply to a request of the hosted wire is no acknowledgement of a batch.
func TestAutoOnAServerThatIsRolledBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.ServeHTTP(w, r)
			if strings.HasPrefix(r.URL.Path, "/api/") {
				time.Sleep(50 * time.Millisecond)
			}
		})
		client := autoClient(t, slow, "rolledback.example")
		runOf(t, client)
		flush(t, client)
		time.Sleep(9*time.Minute + 50*time.Second)
		n := 5
		for range 4 {
			ctx, session := client.CreateSession(t.Context(), "long")
			for range 600 {
				session.TrackStep(ctx, types.Step{Name: "s"})
			}
			n += 601
		}
		s.become(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/healthz" {
				s.batches(w, r)
				s.kind = s.oneByOne // rolled back
				return
			}
			s.oneByOne(w, r)
		})
		time.Sleep(30 * time.Minute)
		checkStats(t, client, n, 0, nothing)
	})
}

// TestTrialRisksNoEvent: an ingress answers 404, then 502 while the server comes up, and then there is one for batches.
func TestTrialRisksNoEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				_, _ = io.Copy(io.Discard, r.Body)
				w.WriteHeader(502)
				return
			}
			ingress(w, r)
		})
		client := autoClient(t, s, "risks.example")
		id := client.Session("extracted").TrackStep(t.Context(), types.Step{Name: "n"})
		time.Sleep(10 * time.Second)
		s.become(s.batches)
		time.Sleep(5 * time.Minute)
		batch, _ := s.stored()
		checkStored(t, "batch", batch, []string{id})
		checkStats(t, client, 1, 0, nothing)
	})
}

// TestTrialEndsWithForeignWords: a 400 that is not in the API's words drops nothing.
func TestTrialEndsWithForeignWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/") {
				w.Header().Set("Content-Type", "text/html")
				w.WriteHeader(400)
				return
			}
			ingress(w, r)
		})
		client := autoClient(t, s, "waf.example")
		for range 10 {
			runOf(t, client)
		}
		time.Sleep(10 * time.Second)
		checkStats(t, client, 0, 50, nothing)
	})
}

// TestAutoAtHalfReadyServer: when it comes up just after /healthz was asked, the trial succeeds, and what is asked next sets it right: batches it is.
func TestAutoAtHalfReadyServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		n := 0
		s.become(func(w http.ResponseWriter, r *http.Request) {
			if n++; n <= 2 {
				ingress(w, r)
				return
			}
			s.both(w, r)
		})
		client := autoClient(t, s, "half.example")
		ids := runOf(t, client)
		time.Sleep(5 * time.Minute)
		batch, hosted := s.stored()
		checkStored(t, "batch", batch, ids)
		if len(hosted) != 1 { // the beginning of the session was the trial
			t.Errorf("the hosted wire got %d events of a server that speaks batches", len(hosted))
		}
		checkStats(t, client, 5, 0, nothing)
	})
}

// TestAutoWhenHealthHangs: a question that nobody answers holds up everything for five seconds at most.
func TestAutoWhenHealthHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &anyServer{}
		s.become(s.oneByOne)
		var hang sync.Map
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, yes := hang.Load("x"); yes && r.URL.Path == "/healthz" {
				<-r.Context().Done()
				return
			}
			s.ServeHTTP(w, r)
		})
		client := autoClient(t, h, "hangs.example")
		runOf(t, client)
		flush(t, client)
		hang.Store("x", 1)
		time.Sleep(11 * time.Minute)
		runOf(t, client)
		began := time.Now()
		err := client.Flush(t.Context())
		if took := time.Since(began); err != nil || took > 6*time.Second {
			t.Errorf("Flush took %v: %v", took, err)
		}
	})
}
