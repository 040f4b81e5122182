// Package otlp reads the requests that OpenTelemetry exporters make and writes the replies they understand, as protobuf and as JSON, without generated code: what is
// wrong with a span costs that span only, and what a body may become in memory is bounded before it is made.
package otlp

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
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
	Depth  int // how deep a value nests
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

// Traces reads a request with spans. Nothing of what it returns is part of the body.
func Traces(body []byte, form Form, limits Limits) ([]*genai.Span, Tally, error) {
	d := decoder{limits: limits}
	err := each(rootOf(body, form), names{"resourceSpans": 1}, d.resourceSpans)
	return d.spans, d.tally, ended(err, len(d.spans), &d.tally)
}

// Logs reads a request with log records.
func Logs(body []byte, form Form, limits Limits) ([]*genai.Log, Tally, error) {
	d := decoder{limits: limits}
	err := each(rootOf(body, form), names{"resourceLogs": 1}, d.resourceLogs)
	return d.logs, d.tally, ended(err, len(d.logs), &d.tally)
}

// Metrics reads a request with metrics, of which it only counts how many there are.
func Metrics(body []byte, form Form, limits Limits) (Tally, error) {
	d := decoder{limits: limits}
	err := each(rootOf(body, form), names{"resourceMetrics": 1}, d.resourceMetrics)
	return d.tally, ended(err, d.items, &d.tally)
}

func ended(err error, taken int, tally *Tally) error {
	tally.Taken = taken
	return err
}

// decoder is the state of one request.
type decoder struct {
	limits Limits
	spans  []*genai.Span
	logs   []*genai.Log
	tally  Tally
	items  int
	item   int // values of the item that is read
	depth  int // of the value that is read
}

// one reads one span, log record or metric. What is wrong with it is its own matter.
func (d *decoder) one(v value, read func(v value) error) error {
	if d.items++; d.items > d.limits.Items {
		return fmt.Errorf("%w: more than %d spans, records or metrics", ErrTooMuch, d.limits.Items)
	}
	d.item, d.depth = 0, 0
	wrong, err := apart(v, read)
	if errors.Is(wrong, ErrTooMuch) {
		return wrong
	}
	if wrong != nil {
		if d.tally.Rejected++; d.tally.Reason == "" {
			d.tally.Reason = wrong.Error()
		}
	}
	return err
}

// another counts a value.
func (d *decoder) another() error {
	d.tally.Values++
	if d.item++; d.item > d.limits.Each {
		return fmt.Errorf("more than %d attributes and values", d.limits.Each)
	}
	if d.tally.Values > d.limits.Values {
		return fmt.Errorf("%w: more than %d attributes and values", ErrTooMuch, d.limits.Values)
	}
	return nil
}

// rootOf is the message that a body is. An empty body is an empty message.
func rootOf(body []byte, form Form) value {
	if form == JSON && len(body) > 0 {
		return value{scan: jsonscan.New(body), root: true}
	}
	return value{wire: protowire.BytesType, raw: body}
}

// apart reads a message so that what is wrong inside does not keep from reading on behind it: that is told in wrong.
func apart(v value, read func(v value) error) (wrong, err error) {
	if v.scan == nil {
		return read(v), nil
	}
	raw, _, err := v.scan.Value()
	if err != nil {
		return nil, err
	}
	return read(value{scan: jsonscan.New(raw)}), nil
}
