package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const (
	sessions = 20
	pause    = 5 * time.Millisecond // between two looks at how many events are due
)

// recording is what the program of a row does: it tracks events, and looks how long that takes.
type recording struct {
	done    *atomic.Int64 // events so far, for the progress line
	odd     *types.Step
	longest time.Duration // of the calls
	ids     []string      // of the accepted events
}

// run tracks the events of l, or as many as there were when ctx was done.
func (r *recording) run(ctx context.Context, client *sentrial.Client, l load) {
	open := make([]*sentrial.Session, sessions)
	for i := range open {
		_, open[i] = client.CreateSession(ctx, fmt.Sprint("session ", i))
	}
	began := time.Now()
	for i := 0; i < l.events && ctx.Err() == nil; {
		for due := l.due(time.Since(began)); i < due; i++ {
			r.track(ctx, open[i%sessions], i, l)
		}
		if i < l.events {
			time.Sleep(pause)
		}
	}
	for _, s := range open {
		s.Close(ctx, types.SessionResult{Status: types.StatusSuccess})
	}
}

// due is how many events should have been recorded by now.
func (l load) due(elapsed time.Duration) int {
	if l.rate == 0 {
		return l.events
	}
	return min(l.events, int(elapsed.Seconds()*float64(l.rate))+1)
}

func (r *recording) track(ctx context.Context, s *sentrial.Session, i int, l load) {
	began := time.Now()
	id := r.event(ctx, s, i, i == l.events/2)
	r.longest = max(r.longest, time.Since(began))
	if id != "" {
		r.ids = append(r.ids, id)
	}
	r.done.Add(1)
}

// event tracks one event: the odd one, or a usual one of the kinds that agents have.
func (r *recording) event(ctx context.Context, s *sentrial.Session, i int, middle bool) string {
	switch kind := i % 4; {
	case middle && r.odd != nil:
		return s.TrackStep(ctx, *r.odd)
	case kind == 0:
		return s.TrackLLMCall(ctx, types.LLMCall{Model: "gpt-5", Provider: "openai", Prompt: fmt.Sprint("What about ", i, "?"), Response: "Look it up."})
	case kind == 1:
		return s.TrackToolCall(ctx, types.ToolCall{ToolName: "lookup", ToolInput: map[string]any{"key": i}, ToolOutput: "found"})
	case kind == 2:
		return s.TrackDecision(ctx, types.Decision{Chosen: "answer", Alternatives: []string{"answer", "ask"}, Reasoning: "It is known."})
	}
	return s.TrackStep(ctx, types.Step{Name: "answer", Output: i})
}
