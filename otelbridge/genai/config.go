package genai

import (
	"cmp"
	"time"
)

// Config says how an [Assembler] works. The zero value is good.
type Config struct {
	// SessionKeys are the attributes that name a session, the best first. nil means StandardSessionKeys; an empty list makes every trace a session of its own.
	SessionKeys []string
	// Filter leaves out the spans it returns false for. They still count as what lies between other spans.
	Filter func(*Span) bool
	// Generic also makes steps of spans that are neither calls, agents nor decisions: chains, HTTP requests, database queries.
	Generic bool
	// WithoutContent leaves out prompts, answers, inputs and outputs of tools, the words of errors and choices, and unknown attributes.
	WithoutContent bool
	// SkipOurs leaves out spans that Sentrial's SDK made of events it recorded, where those events arrive by themselves: in the process that records them.
	SkipOurs bool
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

// withDefaults gives the configuration that a zero field means.
func (c Config) withDefaults() Config {
	if c.SessionKeys == nil {
		c.SessionKeys = StandardSessionKeys()
	}
	c.Settle = max(0, cmp.Or(c.Settle, time.Second))
	c.Quiet = cmp.Or(max(0, c.Quiet), 5*time.Second)
	c.MaxWait = cmp.Or(max(0, c.MaxWait), 30*time.Second)
	c.SessionIdle = cmp.Or(c.SessionIdle, 5*time.Minute)
	c.MaxSpans = cmp.Or(max(0, c.MaxSpans), 10_000)
	c.MaxTraces = cmp.Or(max(0, c.MaxTraces), 10_000)
	return c
}
