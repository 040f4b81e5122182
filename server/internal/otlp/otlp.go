// Package otlp reads the requests that OpenTelemetry exporters make and writes the replies they understand, as protobuf and as JSON. A request is taken apart into its
// spans and records, and the libraries of OpenTelemetry and protobuf decode each of them alone: what is wrong with one costs that one only, and what a body may become in
// memory is bounded before it is made.
package otlp

import (
	"errors"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// Form is how a request is written. Its numbers are kept in stores.
type Form int

// The forms that exporters have.
const (
	Protobuf Form = iota + 1
	JSON
)

// Limits bounds what a request may hold.
type Limits struct {
	Items  int // spans, log records or metrics a request
	Each   int // attributes and other values of one of them
	Values int // of all of them
	Depth  int // how many lists and objects a value nests
}

// StandardLimits are far beyond what exporters send by default.
func StandardLimits() Limits {
	return Limits{Items: 50_000, Each: 20_000, Values: 1_000_000, Depth: 64}
}

// ErrTooMuch reports a request that holds more than the limits allow.
var ErrTooMuch = errors.New("more than is taken at once")

// Tally says how much came.
type Tally struct {
	Taken    int
	Rejected int
	Reason   string // why the first of them was
	Values   int    // attributes, and what is inside of their values
}

// Traces reads a request with spans. Those that say something impossible, such as an id of another length, are rejected and counted. An error is about the whole
// body, of which nothing is to be taken then. Nothing of what it returns is part of the body.
func Traces(body []byte, form Form, limits Limits) ([]*genai.Span, Tally, error) {
	d := newDecoder(form, limits, spanNames)
	err := d.request(body, d.span)
	d.tally.Taken = len(d.spans)
	return d.spans, d.tally, err
}

// Logs reads a request with log records, as Traces does. Those that belong to no span are among them.
func Logs(body []byte, form Form, limits Limits) ([]*genai.Log, Tally, error) {
	d := newDecoder(form, limits, logNames)
	err := d.request(body, d.log)
	d.tally.Taken = len(d.logs)
	return d.logs, d.tally, err
}

// Metrics reads a request with metrics, of which it only counts how many there are.
func Metrics(body []byte, form Form, limits Limits) (Tally, error) {
	d := newDecoder(form, limits, metricNames)
	err := d.request(body, func([]byte) error { return nil })
	d.tally.Taken = d.items
	return d.tally, err
}
