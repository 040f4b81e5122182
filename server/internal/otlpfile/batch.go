package otlpfile

import (
	"errors"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
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

// Decode reads what a message holds. Metrics are only told to be such.
func Decode(m Message) Batch {
	if m.Err != nil {
		return Batch{Err: m.Err}
	}
	b := Batch{Signal: otlp.SignalOf(m.Body, m.Media)}
	switch b.Signal {
	case otlp.SignalTraces:
		b.Spans, b.Rejected, b.Err = otlp.Traces(m.Body, m.Media)
	case otlp.SignalLogs:
		b.Logs, b.Rejected, b.Err = otlp.Logs(m.Body, m.Media)
	case otlp.SignalNone:
		b.Err = nothing(m)
	case otlp.SignalMetrics:
	}
	return b
}

// nothing says what is wrong with a message of no signal, if anything is: a request may be empty.
func nothing(m Message) error {
	if _, _, err := otlp.Traces(m.Body, m.Media); err != nil {
		return err
	}
	if m.Media == otlp.MediaJSON && string(m.Body) != "{}" {
		return errNothing
	}
	return nil
}
