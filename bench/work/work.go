// Package work is what every SDK is given to record: the tool calls and LLM calls of an agent. There are 1,024 different ones of each, the same ones in every
// process, so that a sink can tell what it should have received.
package work

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Size is how many different calls of each kind there are.
const Size = 1024

// Tool is a finished call of a tool. The maps are the caller's: it writes into them again once the call is recorded, see Restore and Change.
type Tool struct {
	Name      string
	Input     map[string]any // a string and an int
	Output    map[string]any // three strings and three floats
	Reasoning string
	Duration  time.Duration

	limit  any
	scores []float64
	score  float64
}

// LLM is a finished call of a model.
type LLM struct {
	Model                                       string
	Prompt, Response                            string // 1 KiB, with newlines and quotes
	PromptTokens, CompletionTokens, TotalTokens int
	Cost                                        float64
	Duration                                    time.Duration
}

// Work is a caller's copy of all calls; goroutines share none.
type Work struct {
	Tools []Tool
	LLMs  []LLM
}

// New makes the calls.
func New() *Work {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same calls every time
	say := newWords(r)
	w := new(Work)
	for i := range Size {
		w.Tools = append(w.Tools, newTool(r, say, i))
		w.LLMs = append(w.LLMs, newLLM(r, say, i))
	}
	return w
}

func newTool(r *rand.Rand, say *words, i int) Tool {
	limit, scores := any(r.IntN(1000)), []float64{score(r), score(r), score(r)}
	in, out := Marker(In, ToolKind, i), Marker(Out, ToolKind, i)
	return Tool{
		Name:  "search_" + say.text(8),
		Input: map[string]any{"query": in + say.text(30-len(in)), "limit": limit}, limit: limit,
		Output: map[string]any{"titles": []string{out + say.text(20-len(out)), say.text(25), say.text(15)}, "scores": scores}, scores: scores, score: scores[0],
		Reasoning: say.text(40), Duration: microseconds(r, time.Second),
	}
}

func newLLM(r *rand.Rand, say *words, i int) LLM {
	in, out := Marker(In, LLMKind, i), Marker(Out, LLMKind, i)
	prompt, completion := r.IntN(1000), r.IntN(1000)
	return LLM{
		Model: "gpt-4o-mini", Prompt: in + say.text(1<<10-len(in)), Response: out + say.text(1<<10-len(out)),
		PromptTokens: prompt, CompletionTokens: completion, TotalTokens: prompt + completion,
		Cost: float64(1+r.IntN(10_000)) / 1e6, Duration: microseconds(r, Longest),
	}
}

func score(r *rand.Rand) float64 { return float64(r.IntN(10_000)) / 10_000 }

// Longest is a bound on the durations.
const Longest = 10 * time.Second

// microseconds is a duration in whole ones; the wires keep nothing finer.
func microseconds(r *rand.Rand, below time.Duration) time.Duration {
	return time.Duration(1+r.Int64N(below.Microseconds()-1)) * time.Microsecond
}

// Kind tells tool calls from LLM calls.
type Kind byte

// The kinds.
const (
	ToolKind Kind = 'T'
	LLMKind  Kind = 'L'
)

// Side tells what went into a call from what came out of it.
type Side string

// The sides. A body is searched for them, and no word of the texts has a capital letter.
const (
	In  Side = "EVT."
	Out Side = "OUT."
)

// Marker begins a text of each side of each call. Every event on a wire has one marker of a side; it says which call the event is of.
func Marker(s Side, k Kind, i int) string { return fmt.Sprintf("%s%c%04d.", s, k, i) }

// MarkerSize is the length of a marker.
const MarkerSize = len(In) + len("T0000.")
