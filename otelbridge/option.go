package otelbridge

import (
	"slices"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// Option configures an Exporter or a SpanProcessor.
type Option interface{ apply(*config) }

type config struct {
	mapping    genai.Config
	filter     func(sdktrace.ReadOnlySpan) bool
	recordOnly bool
}

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// Defaults. In a program a trace's root usually ends last, so little is gained by waiting for more.
const (
	defaultSettle = 200 * time.Millisecond
	defaultQuiet  = 5 * time.Second
	defaultMax    = time.Minute
	defaultBuffer = 10_000
)

func newConfig(opts []Option) *config {
	c := &config{mapping: genai.Config{
		SessionKeys: genai.StandardSessionKeys(), SkipOurs: true, Settle: defaultSettle, Quiet: defaultQuiet, MaxWait: defaultMax, MaxSpans: defaultBuffer,
	}}
	for _, o := range opts {
		if o != nil {
			o.apply(c)
		}
	}
	return c
}

// WithSessionKeys names the span attributes that hold the session's id; the first one that a span has counts. Default: those of all dialects, beginning with
// sentrial.session.id, session.id and gen_ai.conversation.id (genai.StandardSessionKeys). With no keys every trace is a session of its own.
func WithSessionKeys(keys ...string) Option {
	keys = append([]string{}, keys...)
	return optionFunc(func(c *config) { c.mapping.SessionKeys = keys })
}

// WithSpanFilter leaves out the spans for which keep returns false. What is inside of such a span is still recorded, as part of what is around it. keep is called
// by one goroutine at a time, after the span has ended; a span for which it panics is kept.
func WithSpanFilter(keep func(sdktrace.ReadOnlySpan) bool) Option {
	return optionFunc(func(c *config) { c.filter = keep })
}

// WithGenericSpans also makes steps of spans that are neither calls, agents nor decisions, such as HTTP requests and database queries. Default: they are left out.
func WithGenericSpans() Option {
	return optionFunc(func(c *config) { c.mapping.Generic = true })
}

// WithoutContent leaves out what was said: prompts, answers, inputs and outputs of tools, and attributes that nobody knows. Names, counts, times and outcomes stay.
// sentrial.WithContent says the same of everything that the client records.
func WithoutContent() Option {
	return optionFunc(func(c *config) { c.mapping.WithoutContent = true })
}

// WithSessionIdle ends a session that has an id of its own after so long without a span of it. Such a session may span many traces, so the end of one says nothing.
// Default: 5 minutes; 0 or less means never, so that CloseSession, Shutdown and sentrial.session.end are left.
func WithSessionIdle(d time.Duration) Option {
	if d <= 0 {
		d = -1
	}
	return optionFunc(func(c *config) { c.mapping.SessionIdle = d })
}

// WithTraceBuffer bounds the spans that are held back until more of their trace has ended; the oldest traces go first. As many again may wait to be looked at at all:
// further ones are refused and counted as sentrial.DropOverflow. Default: 10,000.
func WithTraceBuffer(spans int) Option {
	if spans <= 0 {
		spans = defaultBuffer
	}
	return optionFunc(func(c *config) { c.mapping.MaxSpans = spans })
}

// WithTraceWait sets for how long spans are held back while the root of their trace has not ended and no further span of it ends. Recording what is there sooner
// shows more of a run that goes on; waiting longer passes over fewer spans that turn out to be the same call twice. Default: 5 s; 0 or less means not at all.
func WithTraceWait(d time.Duration) Option {
	if d <= 0 {
		d = 1
	}
	return optionFunc(func(c *config) { c.mapping.Quiet, c.mapping.MaxWait = d, max(d, c.mapping.MaxWait) })
}

// WithUnsampledSpans has a SpanProcessor also take spans that are recorded but not sampled (sdktrace.RecordOnly). Default: they are left out, as by the batch processor.
func WithUnsampledSpans() Option {
	return optionFunc(func(c *config) { c.recordOnly = true })
}

// namesSession tells whether the key is one of those that hold a session's id.
func (c *config) namesSession(key string) bool { return slices.Contains(c.mapping.SessionKeys, key) }
