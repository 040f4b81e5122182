package sentrial_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestRow12DrainsFast: once the server is back, what waits is delivered at least five times as fast as new events come, from near and from far.
func TestRow12DrainsFast(t *testing.T) {
	for _, latency := range []time.Duration{10 * time.Millisecond, 200 * time.Millisecond} {
		t.Run(fmt.Sprint(latency), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, farServer(latency, time.Second, 9*time.Second))
				a := newAgents(t, client)
				a.track(8 * eventsPerSecond)
				first, backlog := recovery(a)
				began := time.Now()
				for client.Stats().Queued > 2*eventsPerSecond {
					a.track(eventsPerSecond / 100)
				}
				drained, took := client.Stats().Delivered-first, time.Since(began)
				if rate := float64(drained) / took.Seconds(); rate < 5*eventsPerSecond || backlog < 8*eventsPerSecond {
					t.Errorf("%d events waited, %d were delivered in %v: %.0f per second", backlog, drained, took, rate)
				}
				a.deliver(time.Minute)
				a.checkNoWait()
			})
		})
	}
}

// recovery records on until the first batch after the outage is acknowledged, and returns how many events are delivered and how many wait.
func recovery(a *agents) (delivered, queued uint64) {
	before := a.client.Stats().Delivered
	var s sentrial.Stats
	for s = a.client.Stats(); s.Delivered == before; s = a.client.Stats() {
		a.track(eventsPerSecond / 100)
	}
	return s.Delivered, s.Queued
}

// farServer answers after a while, and with 503 within from..to of its first moments. It only counts events, so that there may be many.
func farServer(latency, from, to time.Duration) roundTripper {
	began := time.Now()
	return func(r *http.Request) (*http.Response, error) {
		arrived := time.Since(began)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		select {
		case <-time.After(latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		if from <= arrived && arrived < to {
			return jsonReply(r, http.StatusServiceUnavailable, "{}"), nil
		}
		return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d}`, bytes.Count(body, []byte(`"session_id":`)))), nil
	}
}
