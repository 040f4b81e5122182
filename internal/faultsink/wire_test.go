package faultsink_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// What a sink answers to each path, by what it speaks.
func TestSpeak(t *testing.T) {
	for _, c := range []struct {
		wire                    faultsink.Wire
		batch, hosted, health   int
		healthSays, anythingAsk string
	}{
		{faultsink.Batch, 200, 404, 200, `"protocols":["batch"]`, `{"error":{"code":"not_found"`},
		{faultsink.Hosted, 404, 200, 404, `{"error":"not_found"`, `{"error":"not_found"`},
		{faultsink.Both, 200, 200, 200, `"protocols":["batch","hosted"]`, `{"error":{"code":"not_found"`},
		{faultsink.None, 404, 404, 404, `<html>`, `<html>`},
	} {
		sink := faultsink.New(faultsink.When(faultsink.Holding("nothing"), faultsink.Reset))
		l := inMemory(t, sink)
		sink.Speak(c.wire)
		health, other := get(t, l, "/healthz"), get(t, l, "/other")
		got := []int{l.post(t.Context(), two).StatusCode, l.send(t.Context(), "POST", "sessions", creation).StatusCode, health.StatusCode, other.StatusCode}
		wantStatuses(t, "batch, hosted, health and other", got, []int{c.batch, c.hosted, c.health, 404})
		if !strings.Contains(health.text, c.healthSays) || !strings.Contains(other.text, c.anythingAsk) {
			t.Errorf("%v: /healthz says %s, /other %s", c.wire, health.text, other.text)
		}
	}
}

func TestSpeaksOneAndThenTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("x", faultsink.Accept)))
		l := inMemory(t, sink)
		began := time.Now()
		l.record(t, l.create(t), "a")
		get(t, l, "/healthz")
		time.Sleep(10 * time.Minute)
		sink.Speak(faultsink.Batch)
		get(t, l, "/healthz")
		l.ok(t, batch(event{ID: "b", Session: "s", Seq: 3, At: "2026-01-02T03:04:07Z"}))
		report := sink.Report()
		if err := report.Check([]string{"a", "b"}); err != nil {
			t.Error(err)
		}
		asked := report.Asked("GET /healthz")
		if len(asked) != 2 || asked[1].At.Sub(began) != 10*time.Minute || len(report.Visits) != 5 || len(report.Asked("POST /v1/events")) != 1 {
			t.Errorf("asked %v, all visits %v", asked, report.Visits)
		}
	})
}

func TestAnnounce(t *testing.T) {
	for wire, otherwise := range map[faultsink.Wire]int{faultsink.Batch: http.StatusOK, faultsink.Hosted: http.StatusNotFound} {
		sink := faultsink.New()
		l := inMemory(t, sink)
		sink.Speak(wire)
		sink.Announce("hosted", "other")
		first := get(t, l, "/healthz")
		sink.Announce()
		if second := get(t, l, "/healthz"); first.StatusCode != 200 || !strings.Contains(first.text, `"protocols":["hosted","other"]`) || second.StatusCode != otherwise {
			t.Errorf("announced: %v, no more: %v", first, second)
		}
	}
}

// A step for every request hides the plan and all paths, and what it read was seen.
func TestEverywhere(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.New(faultsink.Sequence(faultsink.Status(500)))
		l := to(sink)
		sink.Everywhere(faultsink.Portal)
		for _, got := range []answer{get(t, l, "/healthz"), l.post(t.Context(), two), l.send(t.Context(), "POST", "sessions", creation), get(t, l, "/")} {
			if got.StatusCode != 200 || !strings.Contains(got.text, "<!doctype html>") {
				t.Errorf("got %v, want the portal", got)
			}
		}
		sink.Everywhere(faultsink.Reset)
		if got := get(t, l, "/healthz"); got.err == nil {
			t.Errorf("got %v, want a reset", got)
		}
		sink.Everywhere(nil)
		wantStatuses(t, "the plan", []int{l.post(t.Context(), two).StatusCode, l.post(t.Context(), two).StatusCode}, []int{500, http.StatusOK})
		report := sink.Report()
		if err := report.Check([]string{"a", "b"}); err != nil {
			t.Error(err)
		}
		if len(report.Requests) != 4 || report.Requests[1].N != 2 || report.Received != 7 || len(report.Asked("GET /healthz")) < 2 {
			t.Errorf("%d requests, %d events, visits %v", len(report.Requests), report.Received, report.Visits)
		}
	})
}
