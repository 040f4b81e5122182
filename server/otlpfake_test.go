package server_test

import (
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server"
)

// fake puts traces together without looking at what they say: a second after the root, or five after the latest span, each span is a call of a model. Spans that are named
// "noise" become nothing, and nothing tells so.
type fake struct {
	traces map[genai.TraceID]*fakeTrace
	edit   func(*genai.Event)
}

type fakeTrace struct {
	spans []*genai.Span
	logs  int
	due   time.Time
	root  bool
}

// faking gives servers assemblers that are fakes.
func faking(a *app, edit func(*genai.Event)) *app {
	a.SetAssembler(func(genai.Config) server.Assembler {
		return &fake{traces: map[genai.TraceID]*fakeTrace{}, edit: edit}
	})
	return a
}

func (f *fake) trace(now time.Time, id genai.TraceID) *fakeTrace {
	t := f.traces[id]
	if t == nil {
		t = &fakeTrace{}
		f.traces[id] = t
	}
	if !t.root {
		t.due = now.Add(5 * time.Second)
	}
	return t
}

func (f *fake) Add(now time.Time, spans ...*genai.Span) int {
	for _, s := range spans {
		if s.Name == "noise" {
			continue
		}
		t := f.trace(now, s.TraceID)
		t.spans = append(t.spans, s)
		if s.ParentID.IsZero() {
			t.root, t.due = true, now.Add(time.Second)
		}
	}
	return 0
}

func (f *fake) AddLogs(now time.Time, logs ...*genai.Log) (left int) {
	for _, l := range logs {
		if l.SpanID.IsZero() {
			left++
			continue
		}
		f.trace(now, l.TraceID).logs++
	}
	return left
}

func (f *fake) Take(now time.Time) (all []genai.Released) {
	for id, t := range f.traces {
		if t.due.After(now) {
			continue
		}
		r := genai.Released{TraceID: id}
		for _, s := range t.spans {
			e := genai.Event{
				Type: genai.EventLLMCall, ID: "otel_" + s.TraceID.String() + "_" + s.SpanID.String(), SessionID: "trace_" + s.TraceID.String(), TraceID: s.TraceID, SpanID: s.SpanID,
				Time: s.Start, Duration: s.End.Sub(s.Start), Status: genai.StatusOfSuccess, LLMCall: &genai.LLMCall{Model: s.Name, Usage: genai.Usage{Input: 12}},
			}
			if f.edit != nil {
				f.edit(&e)
			}
			r.Events = append(r.Events, e)
		}
		all = append(all, r)
		delete(f.traces, id)
	}
	return all
}

func (f *fake) TakeAll(now time.Time) []genai.Released { return f.Take(now.Add(time.Hour)) }

func (f *fake) Next() (first time.Time, some bool) {
	for _, t := range f.traces {
		if !some || t.due.Before(first) {
			first, some = t.due, true
		}
	}
	return first, some
}

func (f *fake) Held() (n int) {
	for _, t := range f.traces {
		n += len(t.spans) + t.logs
	}
	return n
}
