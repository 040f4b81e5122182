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
