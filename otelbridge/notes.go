package otelbridge

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// notes is what is remembered of spans since they began, for those inside them and for their end. It is bounded: of so many spans that are open at once that some
// are forgotten, the forgotten ones lose what only their context said.
type notes struct {
	inside atomic.Int64 // how many calls there are

	mu    sync.Mutex
	open  map[spanRef]note       // of spans that go on, however many begin and end meanwhile
	spans *lately[spanRef, note] // of those that were read, and of open ones beyond maxOpen
	calls map[spanRef]insideCall
}

// spanRef names a span.
type spanRef struct {
	trace trace.TraceID
	span  trace.SpanID
}

func refOf(sc trace.SpanContext) spanRef { return spanRef{sc.TraceID(), sc.SpanID()} }

// note is what is known of one span.
type note struct {
	trace   *traceNote
	session string          // that the context named; "" = none
	self    string          // the event that it will become, as far as can be told at its start; "" = not known
	around  string          // the same of the nearest span around it
	event   string          // of the session, around the span
	begun   bool            // the session was begun by other means
	request bool            // one of the client's own, or something inside it
	kind    types.EventType // of the event that it will become, if that is a call and can be told at its start
	silent  bool            // the call is recorded by other means
	content context.Context //nolint:containedctx // says which content may be recorded of it; nil = what holds for its session
}

// traceNote is what the spans of a trace in this process have in common. It is guarded by the lock of the notes.
type traceNote struct {
	root   string // name of the local root
	remote bool   // whose parent is in another process
	opened bool   // a session was opened, or need not be
}

// spansNoted is how many spans a generation of notes has, and maxOpen how many that go on are kept from being forgotten. A note takes some 150 bytes.
const (
	spansNoted = 8_000
	maxOpen    = 32_000
)

func newNotes() *notes {
	return &notes{open: make(map[spanRef]note), spans: newLately[spanRef, note](spansNoted), calls: make(map[spanRef]insideCall)}
}

// of gives what is known of a span. It works on nil.
func (n *notes) of(sc trace.SpanContext) note { return n.find(refOf(sc)) }

func (n *notes) find(ref spanRef) note {
	if n == nil {
		return note{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known(ref)
}

func (n *notes) known(ref spanRef) note {
	if found, ok := n.open[ref]; ok {
		return found
	}
	found, _ := n.spans.get(ref)
	return found
}

// settle gives what is known of a span that has ended, which may be forgotten after a while. It works on nil.
func (n *notes) settle(sc trace.SpanContext) note {
	if n == nil {
		return note{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	ref := refOf(sc)
	found, ok := n.open[ref]
	if !ok {
		found, _ = n.spans.get(ref)
		return found
	}
	delete(n.open, ref)
	n.spans.put(ref, found)
	return found
}

// inherit begins the note of a span with what its parent in this process passes on.
func (n *notes) inherit(name string, parent trace.SpanContext) note {
	if parent.IsValid() && !parent.IsRemote() {
		if around := n.of(parent); around.trace != nil {
			around.around, around.self, around.kind, around.silent = cmp.Or(around.self, around.around), "", "", false
			return around
		}
	}
	return note{trace: &traceNote{root: name, remote: parent.IsRemote()}}
}

func (n *notes) keep(sc trace.SpanContext, of note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put(refOf(sc), of)
}

func (n *notes) put(ref spanRef, of note) {
	if _, known := n.open[ref]; known || len(n.open) < maxOpen {
		n.open[ref] = of
		return
	}
	n.spans.put(ref, of)
}

// silence notes that the call is recorded by other means.
func (n *notes) silence(sc trace.SpanContext) {
	n.mu.Lock()
	defer n.mu.Unlock()
	found := n.known(refOf(sc))
	found.silent = true
	n.put(refOf(sc), found)
}

// heard silences the span that a call of the client began in, if it is the same call: one that an instrumentation makes a span of, and middleware inside it records.
// A call that knows nothing of tokens leaves the word to the span.
func (n *notes) heard(e *types.Event) {
	if e.LLMCall != nil && e.LLMCall.Usage == (types.Usage{}) && e.Status == types.StatusSuccess {
		return
	}
	ref, ok := refNamed(e.TraceID, e.SpanID)
	if !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if found := n.known(ref); found.kind == e.Type {
		found.silent = true
		n.put(ref, found)
	}
}

// refNamed reads the ids of a span.
func refNamed(traceID, spanID string) (spanRef, bool) {
	t, err := trace.TraceIDFromHex(traceID)
	if err != nil {
		return spanRef{}, false
	}
	s, err := trace.SpanIDFromHex(spanID)
	return spanRef{t, s}, err == nil
}

// firstOf is true for the first span of a trace that asks.
func (n *notes) firstOf(t *traceNote) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	first := !t.opened
	t.opened = true
	return first
}
