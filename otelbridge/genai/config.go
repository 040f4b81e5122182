package genai

import "time"

// Config says how an [Assembler] works. The zero value is good.
type Config struct {
	// SessionKeys are the attributes that name a session, the best first. nil means StandardSessionKeys; an empty list makes every trace a session of its own.
	SessionKeys []string
	// Filter leaves out the spans it returns false for. They still count as what lies between other spans.
	Filter func(*Span) bool
	// Generic also makes steps of spans that are neither calls, agents nor decisions: chains, HTTP requests, database queries.
	Generic bool
	// WithoutContent leaves out prompts, answers, inputs and outputs of tools, and unknown attributes.
	WithoutContent bool
	// Explain adds to what Take returns how each span was read.
	Explain bool

	// Settle is how long a trace is held after its root has come, for what arrives late. 0 means 1 s, less than 0 not at all.
	Settle time.Duration
	// Quiet is how long a trace is held since its latest span, while its root has not come. 0 means 5 s.
	Quiet time.Duration
	// MaxWait is how long any span is held at most. 0 means 30 s.
	MaxWait time.Duration
	// SessionIdle ends a session with an id of its own after so long without a span. 0 means 5 min, less than 0 never.
	SessionIdle time.Duration
	// MaxSpans bounds how many spans are held; above it the oldest traces are given away early. 0 means 10,000.
	MaxSpans int
	// MaxTraces bounds how many traces are remembered after they were given away, for spans that come later. 0 means 10,000.
	MaxTraces int
}
