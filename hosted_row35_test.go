package sentrial_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestRow35HostedHerd: a thousand clients whose server comes back after 30 s have asked it as seldom as on the batch wire, and come back one request at a time. What has
// waited are as many requests as events, so more come then than usual.
func TestRow35HostedHerd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const clients, pause, steady, outage = 1000, 3 * time.Second, 9 * time.Second, 30 * time.Second
		herd := &herd{from: time.Now().Add(steady), to: time.Now().Add(steady + outage)}
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() { herd.live(t, fmt.Sprint("client", i), pause, steady+outage+30*time.Second) })
		}
		all.Wait()
		if most := 5 * clients; herd.refused == 0 || herd.refused > most {
			t.Errorf("%d requests of %d clients in the outage, want at most %d", herd.refused, clients, most)
		}
		if herd.peakOfOne > 1 || herd.answered != herd.wanted {
			t.Errorf("%d requests of one client at once, %d requests answered; want 1, %d", herd.peakOfOne, herd.answered, herd.wanted)
		}
	})
}

// herd is the server of many clients.
type herd struct {
	from, to time.Time // it is down meanwhile

	mu                sync.Mutex
	underway          map[string]int
	refused, answered int
	wanted, peakOfOne int
}

func (s *herd) RoundTrip(r *http.Request) (*http.Response, error) {
	_ = r.Body.Close()
	who := r.Header.Get("Sentrial-Client")
	s.mu.Lock()
	down := !time.Now().Before(s.from) && time.Now().Before(s.to)
	s.enter(who, 1)
	s.mu.Unlock()
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enter(who, -1)
	if down {
		s.refused++
		return jsonReply(r, http.StatusServiceUnavailable, "{}"), nil
	}
	s.answered++
	return jsonReply(r, http.StatusOK, `{"id":"x"}`), nil
}

func (s *herd) enter(who string, n int) {
	if s.underway == nil {
		s.underway = map[string]int{}
	}
	s.underway[who] += n
	s.peakOfOne = max(s.peakOfOne, s.underway[who])
}

// live is a program that records an event every pause.
func (s *herd) live(t *testing.T, name string, pause, life time.Duration) {
	client, err := sentrial.New(
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: s}), sentrial.WithLogger(quiet), sentrial.WithProtocol(sentrial.ProtocolHosted),
		sentrial.WithBatchBytes(4<<10), sentrial.WithQueueBytes(64<<10), sentrial.WithCloseTimeout(time.Hour),
	)
	if err != nil {
		t.Error(err)
		return
	}
	time.Sleep(rand.N(pause)) // programs do not begin together
	_, session := client.CreateSession(context.Background(), name)
	for range int(life / pause) {
		session.TrackStep(t.Context(), types.Step{Name: "n"})
		time.Sleep(pause)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted += int(life/pause) + 1
}
