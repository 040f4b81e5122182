package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// drain takes every batch and keeps nothing of it.
func drain(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[]}`, strings.Count(string(body), `"session_id":`))), nil
}

// labels records under names that no other event has, wherever there is a name.
func labels(ctx context.Context, client *sentrial.Client, n int) {
	label := "label_" + strconv.Itoa(n)
	facts := map[string]any{label: 1}
	ctx, s := client.CreateSession(ctx, label, sentrial.WithTags(label), sentrial.WithUserID(label), sentrial.WithAgentName(label), sentrial.WithMetadata(facts))
	_, _ = sentrial.Tool(ctx, label, facts, func(context.Context, map[string]any) (int, error) { return 1, nil })
	sentrial.ReportError(ctx, errBoom, sentrial.WithErrorType(label))
	s.Close(ctx, types.SessionResult{Metrics: map[string]float64{label: 1}})
	client.Session("handle_"+label).TrackLLMCall(ctx, types.LLMCall{Model: label, Provider: label, Metadata: facts})
	client.Record(ctx, types.Event{
		ID: "evt_" + label, SessionID: "recorded_" + label, Type: types.EventType(label), Extra: map[string]json.RawMessage{label: json.RawMessage("1")}, Metadata: facts,
	})
	client.Record(ctx, types.Event{SessionID: "no session id: " + label})
	client.Extract(ctx, sentrial.MapCarrier{"baggage": "sentrial.session_id=extracted_" + label})
}

// TestRow67ManyLabels: ten thousand sessions are remembered, and as many again of those before them (sessionstate.go); the rest is as
// constant as without labels. So what is held after the first twenty-four thousand, four session ids in each of six thousand rounds, must
// not grow any more.
func TestRow67ManyLabels(t *testing.T) {
	const (
		full   = 6_000
		rounds = 30_000
		most   = 4 * mb // noise of the heap: the slabs and maps in use at that moment
	)
	client := newClient(t, roundTripper(drain), sentrial.WithOnDrop(func(sentrial.Drop) {}))
	warm, goroutines := int64(0), 0
	for n := range rounds {
		if n == full {
			flush(t, client)
			warm, goroutines = heapInUse(), runtime.NumGoroutine()
		}
		labels(t.Context(), client, n)
	}
	flush(t, client)
	if grown := heapInUse() - warm; grown > most {
		t.Errorf("%d sessions later %d KiB more are held, want at most %d", 4*(rounds-full), grown>>10, most>>10)
	}
	if n := runtime.NumGoroutine(); n > goroutines+2 {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
	s := client.Stats()
	if err := lawOf(s); err != nil || s.Delivered != 6*rounds || s.Refused[sentrial.DropInvalid] != rounds || len(s.Refused) != 1 || len(s.Dropped) != 0 {
		t.Errorf("%v, stats = %+v", err, s)
	}
}

// TestRow67SessionsStartAtOne however many there were before: a session that was forgotten and comes again goes on, or starts anew, and
// no two of its events that are remembered have one number.
func TestRow67SessionsCountOn(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	first := record(t, client, 2)
	for n := range 9_000 { // fewer than a generation: the session in use is not forgotten
		client.Session("s_" + strconv.Itoa(n))
	}
	last := record(t, client, 1)
	events := arrived(t, client, w)
	for i, key := range append(first, last...) {
		if got := string(events.at(t, key, into("seq"))); got != strconv.Itoa(i+1) {
			t.Errorf("event %d has seq %s", i+1, got)
		}
	}
}
