package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

const (
	eventA = `{"id":"a","type":"step","session_id":"s","seq":1,"timestamp":"2026-01-02T03:04:05Z"}`
	eventB = `{"id":"b","type":"step","session_id":"s","seq":2,"timestamp":"2026-01-02T03:04:06Z"}`
	late   = `{"id":"b","type":"step","session_id":"s","seq":2,"timestamp":"2026-01-02T03:04:04Z"}`
)

// seen is what a sink tells after these events came, one request each, at a server that deduplicates or does not.
func seen(t *testing.T, dedup bool, events ...string) *observed {
	sink := faultsink.New()
	if !dedup {
		sink.KeepDuplicates()
	}
	for _, e := range events {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/events", strings.NewReader(`{"events":[`+e+`]}`))
		r.Header.Set("Content-Type", "application/json")
		sink.ServeHTTP(httptest.NewRecorder(), r)
	}
	return &observed{report: sink.Report(), ids: []string{"a", "b"}, stats: sentrial.Stats{Accepted: 2, Delivered: 2}}
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		o    *observed
		mend func(*observed)
		want string // "" = met
	}{
		"good":            {o: seen(t, true, eventA, eventB, eventA)},
		"stored twice":    {o: seen(t, false, eventA, eventB, eventA), want: "1 events stored twice, want 0"},
		"inversion":       {o: seen(t, true, eventA, late), want: "1 inversions, want 0"},
		"changed":         {o: seen(t, true, eventA, eventB, late), want: "1 events sent again with other bytes, want 0: [b]"},
		"lost":            {o: seen(t, true, eventA), want: "expected 0 events lost, got 1"},
		"not accepted":    {o: seen(t, true, eventA, eventB), mend: func(o *observed) { o.ids = o.ids[:1] }, want: "expected 2 events accepted, got 1"},
		"left in queue":   {o: seen(t, true, eventA, eventB), mend: func(o *observed) { o.stats.Queued, o.stats.Delivered = 1, 1 }, want: "expected 0 events in the queue after Close, got 1"},
		"Close failed":    {o: seen(t, true, eventA, eventB), mend: func(o *observed) { o.closeErr = errors.New("late") }, want: "expected Close to deliver everything, got late"},
		"refused":         {o: seen(t, true, eventA, eventB), mend: func(o *observed) { o.stats.Refused = map[sentrial.DropReason]uint64{"closed": 3} }, want: "expected none to be refused, got 3 closed"},
		"not all counted": {o: seen(t, true, eventA, eventB), mend: func(o *observed) { o.stats.Delivered = 1 }, want: "expected 2 events delivered, dropped and queued, got 1"},
		"dropped in vain": {o: seen(t, true, eventA, eventB), mend: func(o *observed) {
			o.stats.Dropped = map[sentrial.DropReason]uint64{"overflow": 1}
			o.told = map[string]sentrial.DropReason{"c": "overflow"}
			o.stats.Accepted = 3
		}, want: "expected none to be dropped, got 1 overflow"},
	} {
		if c.mend != nil {
			c.mend(c.o)
		}
		problems := judge(row{}, load{events: 2}, c.o)
		if c.want == "" && len(problems) > 0 || c.want != "" && !strings.Contains(strings.Join(problems, "\n"), c.want) {
			t.Errorf("%s: got %q, want %q", name, problems, c.want)
		}
	}
}

// atHosted is what a sink of the hosted wire tells after these events came, with what the client told of them.
func atHosted(t *testing.T, told map[string]sentrial.DropReason, ids ...string) *observed {
	sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("x", faultsink.Accept)))
	send := func(path, body string) {
		sink.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/sdk/"+path, strings.NewReader(body)))
	}
	send("sessions", `{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"s"}}`)
	for _, id := range ids {
		send("events", `{"sessionId":"x","eventType":"error","metadata":{"event_id":"`+id+`"}}`)
	}
	dropped := map[sentrial.DropReason]uint64{}
	for _, reason := range told {
		dropped[reason]++
	}
	stats := sentrial.Stats{Accepted: 2, Delivered: 2 - uint64(len(told)), Dropped: dropped}
	return &observed{report: sink.Report(), ids: []string{"a", "b"}, stats: stats, told: told}
}

func TestJudgeOfTheHostedWire(t *testing.T) {
	type told = map[string]sentrial.DropReason
	rejected := map[sentrial.DropReason]int{sentrial.DropRejected: 1}
	for name, c := range map[string]struct {
		row  row
		o    *observed
		want string // "" = met
	}{
		"all there":                {row{}, atHosted(t, nil, "a", "b"), ""},
		"uncertain and lost":       {row{uncertain: surely}, atHosted(t, told{"b": "uncertain"}, "a"), ""},
		"uncertain and there":      {row{uncertain: surely}, atHosted(t, told{"b": "uncertain"}, "a", "b"), ""},
		"perhaps uncertain":        {row{uncertain: maybe}, atHosted(t, told{"b": "uncertain"}, "a"), ""},
		"perhaps not":              {row{uncertain: maybe}, atHosted(t, nil, "a", "b"), ""},
		"refused":                  {row{dropped: rejected}, atHosted(t, told{"b": "rejected"}, "a"), ""},
		"uncertain beside refused": {row{dropped: rejected, uncertain: surely}, atHosted(t, told{"b": "rejected", "a": "uncertain"}), ""},
		"uncertain without need":   {row{}, atHosted(t, told{"b": "uncertain"}, "a"), "expected true for no uncertain events (1 are), got false"},
		"none uncertain":           {row{uncertain: surely}, atHosted(t, nil, "a", "b"), "expected true for some uncertain events (0 are), got false"},
		"lost without a word":      {row{uncertain: maybe}, atHosted(t, nil, "a"), "expected 0 events lost without a word to OnDrop, got 1"},
		"lost and another told":    {row{uncertain: maybe}, atHosted(t, told{"a": "uncertain"}, "a"), "expected 0 events lost without a word to OnDrop, got 1"},
		"stored twice":             {row{uncertain: maybe}, atHosted(t, told{"a": "uncertain"}, "a", "b", "a"), "1 events stored twice, want 0"},
		"no twins":                 {row{twins: true}, atHosted(t, nil, "a", "b"), "expected true that sessions are made twice, got false"},
	} {
		problems := judge(c.row, load{events: 2}, c.o)
		if c.want == "" && len(problems) > 0 || !strings.Contains(strings.Join(problems, "\n"), c.want) {
			t.Errorf("%s: got %q, want %q", name, problems, c.want)
		}
	}
}

func TestJudgeOfOnDrop(t *testing.T) {
	o := atHosted(t, map[string]sentrial.DropReason{"b": "uncertain"}, "a")
	o.stats.Dropped["uncertain"] = 2
	if problems := judge(row{uncertain: surely}, load{events: 2}, o); !strings.Contains(strings.Join(problems, "\n"), "expected 2 uncertain to be told to OnDrop, got 1 uncertain") {
		t.Errorf("got %q", problems)
	}
}
