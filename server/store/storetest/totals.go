package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// totals are what a session used as its sender knows it.
func totals(tokens int64, cost store.NanoUSD) func(*store.Event) {
	return func(e *store.Event) {
		e.Totals, e.Cost = true, &cost
		e.Tokens = store.Tokens{Prompt: tokens - 1, Completion: 1, Total: tokens}
	}
}

func totalsCountOnceBeyondTheEvents(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionUpdate, "e1", 1, totals(5, 10)))
	want(t, "totals alone", f.session("s1").Counters, store.Counters{Events: 1, Tokens: store.Tokens{Prompt: 4, Completion: 1, Total: 5}, Cost: 10, Costed: 1})
	f.ingest(call("e2", types.StatusSuccess, 20, 100))
	want(t, "a call more", f.session("s1").Counters, store.Counters{Events: 2, Tokens: store.Tokens{Prompt: 24, Completion: 2, Total: 26}, Cost: 110, Costed: 2})
	f.ingest(event(types.EventSessionEnd, "e3", 3, totals(26, 110)), event(types.EventSessionEnd, "e4", 4, totals(26, 110)))
	want(t, "the same totals", f.session("s1").Counters, store.Counters{Events: 4, Tokens: store.Tokens{Prompt: 25, Completion: 2, Total: 26}, Cost: 110, Costed: 2})
	end := []store.Event{event(types.EventSessionEnd, "e5", 5, totals(30, 111))}
	want(t, "once and again", f.ingest(end...)+f.ingest(end...), "ad")
	want(t, "higher totals", f.session("s1").Counters, store.Counters{Events: 5, Tokens: store.Tokens{Prompt: 29, Completion: 2, Total: 30}, Cost: 111, Costed: 3})
	if !end[0].Totals || end[0].Tokens.Total != 30 || *end[0].Cost != 111 {
		t.Errorf("the caller's event was changed to %+v", end[0])
	}
}

// totalsAtOnce has several senders say the same of one session.
func totalsAtOnce(t *testing.T, f *fixture) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			events := []store.Event{event(types.EventSessionUpdate, fmt.Sprint("e", i), i, totals(5, 10))}
			if _, err := f.Ingest(t.Context(), store.Batch{Project: project, ReceivedAt: start, Events: events}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	want(t, "counters", f.session("s1").Counters, store.Counters{Events: 8, Tokens: store.Tokens{Prompt: 4, Completion: 1, Total: 5}, Cost: 10, Costed: 1})
}

func outcomeBeforeTheEnd(t *testing.T, f *fixture) {
	outcome := func(summary, output, metrics string) func(*store.Event) {
		return saying(func(c *store.Change) {
			c.Summary, c.Output, c.Metrics = summary, json.RawMessage(output), json.RawMessage(metrics)
		})
	}
	said := func() []string {
		s := f.session("s1")
		return []string{string(s.Status), s.Summary, string(s.Output), string(s.Metrics)}
	}
	f.ingest(event(types.EventSessionUpdate, "e1", 1, outcome("a", `"o1"`, `{"x":1}`)))
	f.ingest(event(types.EventSessionUpdate, "e2", 2, outcome("", `"o2"`, `{"y":2}`)))
	want(t, "so far", said(), []string{"active", "a", `"o2"`, `{"x":1,"y":2}`})
	f.ingest(event(types.EventSessionEnd, "e3", 3, status(types.StatusSuccess), outcome("b", `"o3"`, `{"y":3}`)))
	want(t, "the end", said(), []string{"success", "b", `"o3"`, `{"x":1,"y":3}`})
	f.ingest(event(types.EventSessionEnd, "e4", 4, status(types.StatusError), outcome("c", `"o4"`, `{"y":4}`)))
	want(t, "another end", said(), []string{"success", "b", `"o3"`, `{"x":1,"y":3}`})
	f.ingest(event(types.EventSessionEnd, "e5", 5, status(types.StatusError), outcome("", `"o5"`, `{"y":5,"z":5}`)))
	want(t, "an end that knows more", said(), []string{"success", "b", `"o3"`, `{"x":1,"y":3,"z":5}`})
}

func inputMayComeLast(t *testing.T, f *fixture) {
	input := func(text string) func(*store.Event) {
		return saying(func(c *store.Change) { c.Input = json.RawMessage(text) })
	}
	f.ingest(event(types.EventSessionEnd, "e1", 1, input(`"late"`)))
	want(t, "input", string(f.session("s1").Input), `"late"`)
	f.ingest(event(types.EventSessionEnd, "e2", 2, input(`"later"`)))
	want(t, "input of another end", string(f.session("s1").Input), `"late"`)
}
