package sentrial_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const mb = 1 << 20

// sized makes a value or an event of about n bytes.
var sizedValues = map[string]func(n int) any{
	"text":                  func(n int) any { return strings.Repeat("x", n) },
	"text of quotes":        func(n int) any { return strings.Repeat(`"`, n/2) },
	"text that is no UTF-8": func(n int) any { return strings.Repeat("\xff", n/6) },
	"bytes":                 func(n int) any { return make([]byte, n/4*3) },
	"JSON":                  func(n int) any { return json.RawMessage(`{"text":"` + strings.Repeat("x", n) + `"}`) },
	"number":                func(n int) any { return json.Number(strings.Repeat("7", n)) },
	"error":                 func(n int) any { text := strings.Repeat("x", n); return says(func() string { return text }) },
	"map of many": func(n int) any {
		m := make(map[string]any)
		text := strings.Repeat("v", 1000)
		for i := range n / 1000 {
			m["key_"+strconv.Itoa(i)] = text
		}
		return m
	},
	"list of many": func(n int) any { return slices.Repeat([]any{strings.Repeat("v", 98)}, n/100) },
	"numbers":      func(n int) any { return make([]float64, n/2) },
	"nested": func(n int) any {
		v := any("leaf")
		for range 50 {
			v = map[string]any{"text": strings.Repeat("x", n/50), "in": v}
		}
		return v
	},
	"long key": func(n int) any { return map[string]any{strings.Repeat("k", n): 1} },
}

// sizedEvents are large in fields that are no values.
var sizedEvents = map[string]func(n int) types.Event{
	"prompt": func(n int) types.Event {
		return types.Event{LLMCall: &types.LLMCall{Model: "kept", Prompt: strings.Repeat("p", n)}}
	},
	"stack trace": func(n int) types.Event {
		return types.Event{Error: &types.ErrorEvent{ErrorType: "kept", StackTrace: strings.Repeat("main.go\n", n/8)}}
	},
	"one message": func(n int) types.Event {
		return types.Event{LLMCall: &types.LLMCall{Model: "kept", Messages: []types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: strings.Repeat("m", n)}}}}}}
	},
	"many messages": func(n int) types.Event {
		return types.Event{LLMCall: &types.LLMCall{Model: "kept", Messages: slices.Repeat([]types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: strings.Repeat("m", 50)}}}}, n/100)}}
	},
	"tool definitions": func(n int) types.Event {
		return types.Event{LLMCall: &types.LLMCall{Model: "kept", ToolDefinitions: json.RawMessage(`["` + strings.Repeat("d", n) + `"]`)}}
	},
	"tags": func(n int) types.Event {
		return types.Event{Type: types.EventSessionStart, Session: &types.SessionFields{Tags: slices.Repeat([]string{strings.Repeat("t", 98)}, n/100)}}
	},
	"alternatives": func(n int) types.Event {
		return types.Event{Decision: &types.Decision{Alternatives: []string{strings.Repeat("a", n)}}}
	},
	"a long name": func(n int) types.Event { return types.Event{Step: &types.Step{Name: strings.Repeat("n", n)}} },
	"metrics": func(n int) types.Event {
		m := make(map[string]float64)
		prefix := strings.Repeat("metric_", 14)
		for i := range n / 100 {
			m[prefix+strconv.Itoa(i)] = 1
		}
		return types.Event{Result: &types.SessionResult{Metrics: m}}
	},
	"metadata": func(n int) types.Event {
		return types.Event{Step: &types.Step{Name: "kept"}, Metadata: map[string]any{"k": strings.Repeat("m", n)}}
	},
	"unknown field": func(n int) types.Event {
		return types.Event{Step: &types.Step{Name: "kept"}, Extra: map[string]json.RawMessage{"x": json.RawMessage(`"` + strings.Repeat("u", n) + `"`)}}
	},
	"unknown type": func(n int) types.Event {
		return types.Event{Type: "made_up", Raw: json.RawMessage(`{"type":"made_up","x":"` + strings.Repeat("u", n) + `"}`)}
	},
	"everything": func(n int) types.Event {
		return types.Event{LLMCall: &types.LLMCall{
			Model: "kept", Prompt: strings.Repeat("p", n/4), Response: strings.Repeat("r", n/4), Error: strings.Repeat("e", n/4), Parameters: map[string]any{"k": strings.Repeat("v", n/4)},
		}}
	},
}

// checkCut wants an event that a server takes, and that says that something was cut.
func checkCut(t *testing.T, name string, raw json.RawMessage) {
	t.Helper()
	if len(raw) > sentrial.MaxEventBytes || !strings.Contains(string(raw), "truncated") {
		t.Errorf("%s: %d bytes arrived, with a marker: %t", name, len(raw), strings.Contains(string(raw), "truncated"))
	}
}

func TestRow58LargeValues(t *testing.T) {
	for name, make := range sizedValues {
		v := make(10 * mb)
		w := &wire{}
		client := newClient(t, w)
		key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "kept", ToolInput: v, Reasoning: "kept"})
		events := arrived(t, client, w)
		checkCut(t, name, events[key])
		if got := string(events.at(t, key, into("reasoning"))); got != `"kept"` {
			t.Errorf("%s: what was beside it is %.200s", name, got)
		}
		checkStats(t, client, 1, 0, nothing)
	}
}

// TestRow58LargeInputOfASpan: it is cut when the span begins, and its marker tells of the whole when it ends.
func TestRow58LargeInputOfASpan(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	ctx := client.Session("s").Context(t.Context())
	in := map[string]any{"text": strings.Repeat("x", 10*mb)}
	_, span := sentrial.StartStep(ctx, types.Step{Name: "kept", Input: in, Output: in})
	span.End(nil)
	events := arrived(t, client, w)
	checkCut(t, "span", events[span.ID()])
	for _, member := range []string{"input", "output"} {
		if got, want := string(events.at(t, span.ID(), into(member))), fmt.Sprintf(`{"$truncated":{"bytes":%d,`, 10*mb+len(`{"text":""}`)); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %.200s, want %s", member, got, want)
		}
	}
}

func TestRow58LargeEvents(t *testing.T) {
	for name, make := range sizedEvents {
		w := &wire{}
		client := newClient(t, w)
		e := make(10 * mb)
		e.SessionID = "s"
		key := client.Record(t.Context(), e)
		if key == "" {
			t.Errorf("%s: not accepted", name)
			continue
		}
		events := arrived(t, client, w)
		checkCut(t, name, events[key])
		if kept := strings.Contains(string(events[key]), `"kept"`); !kept && name != "tags" && name != "alternatives" && name != "a long name" && name != "metrics" && name != "unknown type" {
			t.Errorf("%s: what was beside it is lost: %.300s", name, events[key])
		}
		checkStats(t, client, 1, 0, nothing)
	}
}

// heapInUse is the live heap after a collection; two, because pools give up their memory at the second.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}

// TestRow58MemoryOfHugeValues: recording takes a small multiple of the value's size, for the length of the call, and nothing of it afterwards.
func TestRow58MemoryOfHugeValues(t *testing.T) {
	const (
		size = 100 * mb
		most = 5 * size // the JSON of the value, once more to be measured, once more to be cut, and what growing took
		left = 16 * mb  // the queue's slabs, and what the cut event takes
	)
	for _, name := range []string{"text", "bytes", "map of many"} {
		v := sizedValues[name](size)
		w := &wire{}
		client := newClient(t, w)
		live, before := heapInUse(), allocated()
		key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "kept", ToolInput: v})
		took := allocated() - before
		checkCut(t, name, arrived(t, client, w)[key])
		w.forget()
		if took > most {
			t.Errorf("%s of %d MiB: the call allocated %d MiB, want at most %d", name, size/mb, took/mb, most/mb)
		}
		if grown := heapInUse() - live; grown > left {
			t.Errorf("%s: %d MiB are still held, want at most %d", name, grown/mb, left/mb)
		}
		runtime.KeepAlive(v)
	}
}

// TestRow58ManyLargeEventsAreBounded: the queue holds what it may, however large the events were.
func TestRow58ManyLargeEventsAreBounded(t *testing.T) {
	const queue = 8 * mb
	release := make(chan struct{})
	defer close(release)
	client := newClient(t, stuckTransport(release), sentrial.WithQueueBytes(queue), sentrial.WithTimeout(1<<40))
	text := strings.Repeat("x", 10*mb)
	live := heapInUse()
	for range 20 {
		client.Session("s").TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Prompt: text})
	}
	if grown := heapInUse() - live; grown > 4*queue {
		t.Errorf("%d MiB are held, want %d and what a request takes", grown/mb, queue/mb)
	}
	s := client.Stats()
	if err := lawOf(s); err != nil || s.QueueBytes > queue || s.Accepted+s.Refused[sentrial.DropOverflow] != 20 {
		t.Errorf("%v, stats = %+v", err, s)
	}
	runtime.KeepAlive(text)
}

// TestRow58LargerThanTheQueue: such an event is refused with a reason, at once, under every policy.
func TestRow58LargerThanTheQueue(t *testing.T) {
	for _, overflow := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest, sentrial.Block} {
		w := &wire{}
		var drops dropped
		client := newClient(t, w, sentrial.WithQueueBytes(64<<10), sentrial.WithOverflow(overflow), sentrial.WithOnDrop(drops.add))
		if id := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: strings.Repeat("x", 10*mb)}); id != "" {
			continue // cut to fit is as good
		}
		if n := client.Stats().Refused[sentrial.DropTooLarge]; n != 1 {
			t.Errorf("%d were counted as too large: %v", n, client.Stats().Refused)
		}
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if all := drops.all(); len(all) != 1 || all[0].Reason != sentrial.DropTooLarge || all[0].SessionID != "s" {
			t.Errorf("OnDrop heard %+v", all)
		}
	}
}

// TestRow58ManyNotes: facts of the SDK's own may be many too.
func TestRow58ManyNotes(t *testing.T) {
	metrics := maps.Clone(sizedEvents["metrics"](2 * mb).Result.Metrics)
	for name := range metrics {
		metrics[name] = nan
	}
	w := &wire{}
	client := newClient(t, w)
	key := client.Record(t.Context(), types.Event{SessionID: "s", Result: &types.SessionResult{Summary: "kept", Metrics: metrics}})
	events := arrived(t, client, w)
	checkCut(t, "notes", events[key])
	if got := string(events.at(t, key, into("summary"))); got != `"kept"` {
		t.Errorf("summary = %s", got)
	}
}
