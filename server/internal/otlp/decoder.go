package otlp

import (
	"errors"
	"fmt"
	"strings"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// decoder is the state of one request.
type decoder struct {
	limits Limits
	form   form
	read   func(item []byte) error
	spans  []*genai.Span
	logs   []*genai.Log
	tally  Tally
	items  int
	item   int // values of the item that is read
}

func newDecoder(f Form, limits Limits, known names) *decoder {
	d := &decoder{limits: limits, form: wireForm{}}
	if f == JSON {
		d.form = jsonForm{known}
	}
	return d
}

// request reads a body, and each of its items with read. An empty body is an empty request.
func (d *decoder) request(body []byte, read func(item []byte) error) error {
	if len(body) == 0 {
		return nil
	}
	d.read = read
	return d.form.open(body, ofRequest, func(_ int, block []byte) error { return d.block(block) })
}

// block reads what is from one resource, in whatever order the fields came.
func (d *decoder) block(block []byte) error {
	var resource []genai.Attribute
	first := len(d.spans)
	err := d.form.open(block, ofResource, func(field int, inner []byte) error {
		if field == items {
			return d.scoped(inner)
		}
		return d.resource(inner, &resource)
	})
	for _, s := range d.spans[first:] {
		s.Resource = resource
	}
	return err
}

// resource reads what is said of a whole process. One that cannot be read says nothing, and costs no span.
func (d *decoder) resource(raw []byte, to *[]genai.Attribute) error {
	var m resourcepb.Resource
	d.item = 0
	err := d.unmarshal(raw, &m)
	if err == nil {
		var found []genai.Attribute
		found, err = d.attributes(m.GetAttributes(), new(int))
		*to = append(*to, found...)
	}
	if errors.Is(err, ErrTooMuch) {
		return err
	}
	return nil
}

// scoped reads what is from one instrumentation.
func (d *decoder) scoped(block []byte) error {
	var scope genai.Scope
	spans, logs := len(d.spans), len(d.logs)
	err := d.form.open(block, ofScope, func(field int, inner []byte) error {
		if field == items {
			return d.one(inner)
		}
		var m commonpb.InstrumentationScope
		if d.unmarshal(inner, &m) == nil {
			scope = genai.Scope{Name: m.GetName(), Version: m.GetVersion()}
		}
		return nil
	})
	for _, s := range d.spans[spans:] {
		s.Scope = scope
	}
	for _, l := range d.logs[logs:] {
		l.Scope = scope
	}
	return err
}

// one reads one span, log record or metric. What is wrong with it is its own matter.
func (d *decoder) one(item []byte) error {
	if d.items++; d.items > d.limits.Items {
		return fmt.Errorf("%w: more than %d spans, records or metrics", ErrTooMuch, d.limits.Items)
	}
	d.item = 0
	err := d.read(item)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrTooMuch):
		return err
	}
	if d.tally.Rejected++; d.tally.Reason == "" {
		d.tally.Reason = reason(err)
	}
	return nil
}

// another counts a value.
func (d *decoder) another() error {
	d.tally.Values++
	if d.item++; d.item > d.limits.Each {
		return d.errMany()
	}
	if d.tally.Values > d.limits.Values {
		return fmt.Errorf("%w: more than %d attributes and values", ErrTooMuch, d.limits.Values)
	}
	return nil
}

func (d *decoder) errMany() error {
	return fmt.Errorf("more than %d attributes and values", d.limits.Each)
}

// maxReason is how much of a reason is told: the libraries quote what they do not like.
const maxReason = 300

// reason is an error as a text. The libraries put no-break spaces into theirs, so that nobody relies on them.
func reason(err error) string {
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}
