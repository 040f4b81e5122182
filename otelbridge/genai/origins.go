package genai

import (
	"hash/fnv"
	"slices"
	"time"
)

// hardFault tells whether the span failed with more than a model that stopped with an error, which only shows in the status of the call.
func (n *node) hardFault() bool { return n.fault != nil && !n.fault.soft() }

// soft tells whether the reason why the model stopped is all that says that the span failed.
func (r *reading) soft() bool {
	if r.span.Status == StatusError || isError(r.level()) || r.has(fieldErrorType) && r.span.Status != StatusOK {
		return false
	}
	f, _ := r.exception()
	return f == Failure{}
}

// isOrigin tells whether a failure began in the span: nothing inside it failed that it did not get over. Instrumentations report one failure on every span that it passes through. What fails
// outside GenAI shows in the span of GenAI around it.
func (as *assembly) isOrigin(n *node) bool {
	switch {
	case !n.hardFault() || n.mute || n.ours || n.copyOf != "" || n.below&belowFailed != 0 && !n.gotOver():
		return false
	case n.kind == kindOther:
		return n.opens || as.becomesEvent(n)
	}
	return true
}

// errors makes an event of each failure where it began.
func (as *assembly) errors() {
	for _, n := range as.order {
		if n.parent != nil {
			n.known.fault = n.parent.known.fault
		} else if n.outside != nil {
			n.known.fault = n.outside.fault
		}
		if !as.isOrigin(n) {
			continue
		}
		f, at := n.fault.failure()
		sum := f.hash()
		told := n.known.fault == sum || as.toldAround(n, sum) || as.copiedFault(n, sum)
		if n.known.fault = sum; !told {
			as.emit(n, n.errorEvent(&f, at))
		}
	}
}

// maxClimb bounds how far outwards spans are looked at one by one.
const maxClimb = 256

// toldAround tells whether a span around this one told the same failure, though those between the two may have come before it.
func (as *assembly) toldAround(n *node, sum uint64) bool {
	id := n.span.ParentID
	for range maxClimb {
		around := as.knownSpan(id)
		switch {
		case around == nil:
			return false
		case around.fault == sum:
			return true
		}
		id = around.parent
	}
	return false
}

// knownSpan gives what is known of a span, whenever it came; nil when it has not.
func (as *assembly) knownSpan(id SpanID) *knownSpan {
	if n := as.t.spans[id]; n != nil {
		return &n.known
	}
	return as.past.spans[id]
}

func (n *node) errorEvent(f *Failure, at time.Time) Event {
	e := n.newEvent(EventError, suffixError)
	e.ParentID, e.Time, e.Failure = n.around, at, f
	return e
}

func (f *Failure) hash() uint64 {
	h := fnv.New64a()
	h.Write([]byte(f.Type + "\x00" + f.Message))
	return max(1, h.Sum64())
}

// faultKey is what copies of a failure have in common.
type faultKey struct {
	session string
	sum     uint64
}

// pastFault is where a failure was told.
type pastFault struct {
	trace      TraceID
	span       SpanID
	start, end time.Time
	call       bool
	scope      string
}

// maxFaults bounds how many failures with the same words are remembered of a session.
const maxFaults = 16

// copiedFault tells whether a span in another trace of the session told the same failure, one in the other's time, and remembers it for others; so may one of the same
// trace while spans between the two have not come. Two calls that fail alike by the same instrumentation are two failures.
func (as *assembly) copiedFault(n *node, sum uint64) bool {
	key := faultKey{n.session, sum}
	list := as.a.memory.faults.get(key)
	call := n.leaf || n.kind.toolLike()
	for _, p := range list {
		alike := call && p.call && p.scope == n.span.Scope.Name
		around := !p.start.Before(n.span.Start.Add(-clockSlack)) && !p.end.After(n.span.End.Add(clockSlack))
		if !alike && (around || n.within(p.start, p.end)) && as.unrelated(n, &p) {
			n.why = "the same failure was told in trace " + p.trace.String()
			return true
		}
	}
	if len(list) < maxFaults {
		p := pastFault{n.span.TraceID, n.span.SpanID, n.span.Start, n.span.End, call, n.span.Scope.Name}
		as.a.memory.faults.put(key, append(slices.Clip(list), p), 1)
	}
	return false
}

// unrelated tells whether nothing is known of how a span lies to one that told a failure.
func (as *assembly) unrelated(n *node, p *pastFault) bool {
	return p.trace != n.span.TraceID || p.span != n.span.SpanID && (as.adrift(n.span.SpanID) || as.adrift(p.span))
}

// adrift tells whether a span around this one has not come.
func (as *assembly) adrift(id SpanID) bool {
	for range maxClimb {
		known := as.knownSpan(id)
		if known == nil {
			return !id.IsZero()
		}
		id = known.parent
	}
	return false
}
