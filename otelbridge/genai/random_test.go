package genai_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// A randomTree has calls that each count other tokens, calls around calls, and tools, at any depth.
type randomTree struct {
	*rand.Rand
	calls, tokens, tools int
}

func (r *randomTree) grow(depth, from, to int) tree {
	name := fmt.Sprint("n", r.Int())
	kind := r.IntN(6)
	if depth == 0 {
		kind = r.IntN(2)
	}
	switch kind {
	case 0:
		r.calls++
		r.tokens += 100 + r.calls
		call := chat(name, 100+r.calls, 1).at(from, to)
		if r.IntN(3) == 0 {
			call = call.by("outer").around(call)
		}
		return call
	case 1, 2:
		r.tools++
		return tool(name).at(from, to).around(r.inside(depth, from, to)...)
	case 3:
		return agent(name, r.inside(depth, from, to)...).at(from, to)
	case 4:
		return step(name, r.inside(depth, from, to)...).at(from, to)
	}
	return http(name, r.inside(depth, from, to)...).at(from, to)
}

func (r *randomTree) inside(depth, from, to int) (trees []tree) {
	for n := r.IntN(4); n > 0 && depth > 0; n-- {
		length := (to - from) / n
		trees = append(trees, r.grow(depth-1, from, from+length))
		from += length
	}
	return trees
}

// trickle adds spans a few at a time, some of them twice, and takes what is due between, as of an agent that runs for minutes.
func (r *randomTree) trickle(spans []*genai.Span) (all []genai.Event) {
	a := genai.NewAssembler(genai.Config{})
	now := begin
	for list := spans; len(list) > 0; {
		n := min(len(list), 1+r.IntN(4))
		a.Add(now, append(list[:n:n], spans[r.IntN(len(spans))])...)
		list, now = list[n:], now.Add(time.Duration(r.IntN(8))*time.Second)
		all = append(all, events(a.Take(now))...)
	}
	return append(all, events(a.Close(now))...)
}

// However the spans of a trace trickle in, no call of a model or a tool is lost or told twice, and no token.
func TestTrickle(t *testing.T) {
	for seed := range uint64(500) {
		r := &randomTree{Rand: rand.New(rand.NewPCG(seed, 1))}
		spans := grown(1, agent("root", r.grow(4, 0, 100_000)).at(0, 100_000))
		r.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
		calls, tokens, tools := 0, 0, 0
		for _, e := range r.trickle(spans) {
			switch {
			case e.LLMCall != nil:
				calls, tokens = calls+1, tokens+e.LLMCall.Usage.Input
			case e.ToolCall != nil:
				tools++
			}
		}
		if calls != r.calls || tokens != r.tokens || tools != r.tools {
			t.Errorf("seed %d: %d calls, %d tokens, %d tools, want %d, %d and %d", seed, calls, tokens, tools, r.calls, r.tokens, r.tools)
		}
	}
}
