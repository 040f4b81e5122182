package sentrial_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// crowd is a server for many clients that keeps nothing but counts, and is down for a while.
type crowd struct {
	began, from, to time.Time // it is down from..to

	mu       sync.Mutex
	arrivals []int // requests in each tenth of a second since began
	requests int   // refused
	events   int   // taken
}

const tenth = 100 * time.Millisecond

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	n := bytes.Count(body, []byte(`"id":"evt_`))
	c.mu.Lock()
	defer c.mu.Unlock()
	at := int(now.Sub(c.began) / tenth)
	for len(c.arrivals) <= at {
		c.arrivals = append(c.arrivals, 0)
	}
	c.arrivals[at]++
	if !now.Before(c.from) && now.Before(c.to) {
		if c.requests++; c.requests%2 == 0 {
			return nil, errNetwork
		}
		return jsonReply(r, http.StatusServiceUnavailable, "{}"), nil
	}
	c.events += n
	return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[]}`, n)), nil
}

// peak is the largest number of requests in any second that begins in from..to.
func (c *crowd) peak(from, to time.Duration) (peak int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := int(from / tenth); i < min(int(to/tenth), len(c.arrivals)); i++ {
		sum := 0
		for _, n := range c.arrivals[i:min(i+10, len(c.arrivals))] {
			sum += n
		}
		peak = max(peak, sum)
	}
	return peak
}

// The lives of these clients: each records an event every pause, and so makes a request as often.
const (
	crowdPause  = 3 * time.Second
	crowdSteady = 9 * time.Second // before the outage
	crowdOutage = 30 * time.Second
	crowdAfter  = 21 * time.Second // until the last of them has recovered
)

// TestRow35ManyClientsRecover: a thousand clients whose server comes back after 30 s send at most twice as many requests a second as they usually do.
func TestRow35ManyClientsRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const clients = 1000
		began := time.Now()
		server := &crowd{began: began, from: began.Add(crowdSteady), to: began.Add(crowdSteady + crowdOutage)}
		var all sync.WaitGroup
		for range clients {
			all.Go(func() { liveInCrowd(t, server) })
		}
		all.Wait()
		const usual = clients * int(time.Second/time.Millisecond) / int(crowdPause/time.Millisecond)
		if before := server.peak(0, crowdSteady-time.Second); before < usual {
			t.Fatalf("%d requests a second before the outage, want about %d", before, usual)
		}
		if peak := server.peak(crowdSteady+crowdOutage-time.Second, crowdSteady+crowdOutage+2*crowdAfter); peak > 2*usual {
			t.Errorf("%d requests a second when the server is back, want at most twice the usual %d", peak, usual)
		}
		if want := clients * int((crowdSteady+crowdOutage+crowdAfter)/crowdPause); server.events != want {
			t.Errorf("%d events came, want %d", server.events, want)
		}
	})
}

// liveInCrowd is a program.
func liveInCrowd(t *testing.T, server http.RoundTripper) {
	client, err := sentrial.New(
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: server}), sentrial.WithLogger(quiet),
		sentrial.WithBatchBytes(4<<10), sentrial.WithQueueBytes(64<<10), sentrial.WithCloseTimeout(time.Hour),
	)
	if err != nil {
		t.Error(err)
		return
	}
	time.Sleep(rand.N(crowdPause)) // programs do not begin together
	session := client.Session("s")
	for range int((crowdSteady + crowdOutage + crowdAfter) / crowdPause) {
		session.TrackStep(t.Context(), types.Step{Name: "n"})
		time.Sleep(crowdPause)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if s := client.Stats(); s.Delivered != s.Accepted || lawOf(s) != nil {
		t.Errorf("%+v", s)
	}
}
