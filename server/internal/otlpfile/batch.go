package otlpfile

import (
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// Batch is what a message holds.
type Batch struct {
	Signal   otlp.Signal
	Spans    []*genai.Span
	Logs     []*genai.Log
	Rejected int   // of the spans or records
	Err      error // why the first of them was, or what is wrong with all of it
}

// errNothing is about JSON that is none of OTLP's.
var errNothing = errors.New("it is no OTLP: expected an object with resourceSpans, resourceLogs or resourceMetrics")

// limits are more than those of a request, for a file may be one message.
var limits = otlp.Limits{Items: 1_000_000, Each: 100_000, Values: 10_000_000, Depth: 64}

// Decode reads what a message holds. Metrics are only told to be such.
func Decode(m Message) Batch {
	if m.Err != nil {
		return Batch{Err: m.Err}
	}
	b := Batch{Signal: otlp.SignalOf(m.Body, m.Form)}
	var tally otlp.Tally
	var err error
	switch b.Signal {
	case otlp.SignalTraces:
		b.Spans, tally, err = otlp.Traces(m.Body, m.Form, limits)
	case otlp.SignalLogs:
		b.Logs, tally, err = otlp.Logs(m.Body, m.Form, limits)
	case otlp.SignalNone:
		b.Err = nothing(m)
	case otlp.SignalMetrics:
	}
	if err != nil {
		return Batch{Signal: b.Signal, Err: unread(err)}
	}
	if b.Rejected = tally.Rejected; b.Rejected > 0 {
		b.Err = errors.New(tally.Reason)
	}
	return b
}

// nothing says what is wrong with a message of no signal, if anything is: a request may be empty.
func nothing(m Message) error {
	if _, _, err := otlp.Traces(m.Body, m.Form, limits); err != nil {
		return unread(err)
	}
	if m.Form == otlp.JSON && string(m.Body) != "{}" {
		return errNothing
	}
	return nil
}

func unread(err error) error { return fmt.Errorf("no OTLP body: %w", err) }
