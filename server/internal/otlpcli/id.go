package otlp

import (
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// identify sets the ids of a span: each of its right length, and neither its own nor its trace's without a bit.
func (d *decoder) identify(s *genai.Span, trace, span, parent []byte) {
	if d.id(s.TraceID[:], trace, "trace id"); s.TraceID.IsZero() {
		d.wrong("a span without a trace id")
	}
	if d.id(s.SpanID[:], span, "span id"); s.SpanID.IsZero() {
		d.wrong("a span without a span id")
	}
	d.id(s.ParentID[:], parent, "parent span id")
}

// id copies one that is there.
func (d *decoder) id(to, from []byte, what string) {
	switch len(from) {
	case 0:
		clear(to)
	case len(to):
		copy(to, from)
	default:
		d.wrong("a %s of %d bytes: expected %d", what, len(from), len(to))
	}
}

// Bits of a span's flags.
const (
	flagHasRemote = 0x100
	flagRemote    = 0x200
)

func remote(flags uint64) bool { return flags&flagHasRemote != 0 && flags&flagRemote != 0 }

// maxNanos is the latest time that nanoseconds since 1970 have in Go.
const maxNanos = 1<<63 - 1

// moment is a time in nanoseconds since 1970; 0 says nothing, and neither does what is out of range.
func moment(nanos uint64) time.Time {
	if nanos == 0 || nanos > maxNanos {
		return time.Time{}
	}
	return time.Unix(0, int64(nanos)).UTC()
}

// kindOf is the kind with that number; one that nobody knows is none.
func kindOf(n uint64) genai.SpanKind {
	if n > uint64(genai.SpanKindConsumer) {
		return genai.SpanKindUnspecified
	}
	return genai.SpanKind(n)
}

func statusOf(n uint64) genai.StatusCode {
	if n > uint64(genai.StatusError) {
		return genai.StatusUnset
	}
	return genai.StatusCode(n)
}

// maxDropped keeps sums of what was dropped from running over.
const maxDropped = 1 << 30

// dropped counts what an SDK left out.
func dropped(s *genai.Span, n uint64) {
	s.Dropped = int(min(uint64(s.Dropped)+min(n, maxDropped), maxDropped))
}
