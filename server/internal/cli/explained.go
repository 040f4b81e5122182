package cli

import (
	"cmp"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// explainedSpan is a span with what became of it.
type explainedSpan struct {
	*genai.Span
	why      genai.Explanation
	known    bool // why is
	became   []genai.Event
	children []*explainedSpan
	depth    int
	last     bool // of its parent's children
	copies   int  // how often it came besides the first time
}

// tracedSpans is a trace: its spans as a tree, and the events that no span of it became.
type tracedSpans struct {
	id    genai.TraceID
	spans []*explainedSpan // parents before children, in the order of time
	rest  []genai.Event
}

// explainAll reads all files and explains every span in them. each is asked after each body whether to go on.
func explainAll(files *otlpFiles, cfg genai.Config, now time.Time, each func() error) ([]*tracedSpans, error) {
	cfg.Explain, cfg.MaxSpans = true, math.MaxInt
	asm, b := genai.NewAssembler(cfg), explainBuilder{spans: map[spanKey]*explainedSpan{}}
	defer files.close()
	for {
		batch, err := files.next()
		if errors.Is(err, io.EOF) {
			break
		}
		b.add(batch.Spans)
		asm.Add(now, batch.Spans...)
		asm.AddLogs(now, batch.Logs...)
		if err := each(); err != nil {
			return nil, err
		}
	}
	for _, r := range asm.Close(now) {
		b.explain(r)
	}
	return b.traces(), nil
}

type spanKey struct {
	trace genai.TraceID
	span  genai.SpanID
}

type explainBuilder struct {
	order []*explainedSpan
	spans map[spanKey]*explainedSpan
	rest  []genai.Event
}

func (b *explainBuilder) add(spans []*genai.Span) {
	for _, s := range spans {
		key := spanKey{s.TraceID, s.SpanID}
		if known := b.spans[key]; known != nil {
			known.copies++
			continue
		}
		x := &explainedSpan{Span: s}
		b.spans[key] = x
		b.order = append(b.order, x)
	}
}

func (b *explainBuilder) explain(r genai.Released) {
	of := map[string]*explainedSpan{}
	for _, why := range r.Explanations {
		x := b.spans[spanKey{why.Span.TraceID, why.Span.SpanID}]
		if x == nil || x.known && len(x.why.Became) > 0 {
			continue
		}
		x.why, x.known = why, true
		for _, id := range why.Became {
			of[id] = x
		}
	}
	for _, e := range r.Events {
		if x := of[e.ID]; x != nil {
			x.became = append(x.became, e)
		} else {
			b.rest = append(b.rest, e)
		}
	}
}

// traces are in the order in which they began.
func (b *explainBuilder) traces() (all []*tracedSpans) {
	byID := map[genai.TraceID]*tracedSpans{}
	slices.SortStableFunc(b.order, func(x, y *explainedSpan) int { return x.Start.Compare(y.Start) })
	for _, x := range b.order {
		t := byID[x.TraceID]
		if t == nil {
			t = &tracedSpans{id: x.TraceID}
			byID[x.TraceID] = t
			all = append(all, t)
		}
		t.spans = append(t.spans, x)
	}
	for _, t := range all {
		t.spans = grown(t.spans)
	}
	for _, e := range b.rest {
		if t := byID[e.TraceID]; t != nil {
			t.rest = append(t.rest, e)
		}
	}
	return all
}

// grown are the same spans, children behind their parents. A span whose parent is not among them is a root, and so is the first of a ring.
func grown(spans []*explainedSpan) []*explainedSpan {
	byID := make(map[genai.SpanID]*explainedSpan, len(spans))
	for _, x := range spans {
		byID[x.SpanID] = x
	}
	for _, x := range spans {
		if parent := byID[x.ParentID]; parent != nil && parent != x {
			parent.children = append(parent.children, x)
		}
	}
	placed := make([]*explainedSpan, 0, len(spans))
	seen := map[*explainedSpan]bool{}
	var place func(x *explainedSpan, depth int)
	place = func(x *explainedSpan, depth int) {
		seen[x], x.depth = true, depth
		placed = append(placed, x)
		x.children = slices.DeleteFunc(x.children, func(c *explainedSpan) bool { return seen[c] })
		for i, c := range x.children {
			c.last = i == len(x.children)-1
			place(c, depth+1)
		}
	}
	for _, roots := range []bool{true, false} { // what only a ring holds comes last
		for _, x := range spans {
			if !seen[x] && (!roots || byID[x.ParentID] == nil || byID[x.ParentID] == x) {
				place(x, 0)
			}
		}
	}
	return placed
}

// chosen are the spans that are wanted.
func (t *tracedSpans) chosen(want wanted) (list []*explainedSpan) {
	for _, x := range t.spans {
		if want.has(x.Span) {
			list = append(list, x)
		}
	}
	return list
}

// service is the name that the span's program has.
func (x *explainedSpan) service() string {
	for _, a := range x.Resource {
		if name, ok := a.Value.(string); ok && a.Key == "service.name" {
			return name
		}
	}
	return ""
}

// scopeText is the instrumentation with its version.
func scopeText(s genai.Scope) string {
	if s.Version == "" {
		return s.Name
	}
	return cmp.Or(s.Name, "?") + "@" + s.Version
}
