// Package otlp reads what OpenTelemetry's exporters send and write to files: the spans and log records of a body, as package genai takes them. It reads protobuf
// and OTLP/JSON straight into that form, so that a body costs memory in proportion to its size, whatever it claims to hold.
package otlp

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// The media types of bodies.
const (
	MediaProtobuf = "application/x-protobuf"
	MediaJSON     = "application/json"
)

// ErrMalformed is in the errors about bodies that cannot be read at all.
var ErrMalformed = errors.New("no OTLP body")

// ErrMedia is in the errors about media types that are none of OTLP's.
var ErrMedia = errors.New("no media type of OTLP")

// Traces reads the spans of an ExportTraceServiceRequest or TracesData. Spans that say something impossible, such as an id of another length, are left out and
// counted, and why says what was wrong with the first of them. A body that cannot be read gives no spans, none rejected, and an error that wraps [ErrMalformed]
// or [ErrMedia]. Nothing that is returned shares memory with body.
func Traces(body []byte, media string) (spans []*genai.Span, rejected int, why error) {
	d := newDecoder(body)
	if err := d.read(body, media, (*decoder).protoTraces, (*decoder).jsonTraces); err != nil {
		return nil, 0, err
	}
	return d.spans, d.rejected, d.why
}

// Logs reads the records of an ExportLogsServiceRequest or LogsData, as Traces does. Records that belong to no span are among them; those with ids of another
// length are rejected.
func Logs(body []byte, media string) (logs []*genai.Log, rejected int, why error) {
	d := newDecoder(body)
	if err := d.read(body, media, (*decoder).protoLogs, (*decoder).jsonLogs); err != nil {
		return nil, 0, err
	}
	return d.logs, d.rejected, d.why
}

// decoder is the reading of one body.
type decoder struct {
	spans    []*genai.Span
	logs     []*genai.Log
	rejected int
	why      error      // of the first that was rejected
	fault    error      // of the span or record that is being read
	span     genai.Span // that is being read; it is copied when it is kept
	names    names
	nested   int // how many lists and objects there may be yet
}

// A list or an object costs up to forty times what it takes in a body, so their number is bounded: beyond, values are left out like those that nest too deep.
const (
	nestedAlways = 1 << 16
	nestedPer    = 32 // bytes of the body
)

func newDecoder(body []byte) *decoder {
	return &decoder{names: names{}, nested: nestedAlways + len(body)/nestedPer}
}

func (d *decoder) read(body []byte, media string, proto, json func(*decoder, []byte) error) error {
	kind, _, _ := mime.ParseMediaType(media)
	var err error
	switch kind {
	case MediaProtobuf, "application/protobuf":
		err = proto(d, body)
	case MediaJSON:
		err = json(d, bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	default:
		return fmt.Errorf("%w: %.100q, expected %s or %s", ErrMedia, media, MediaProtobuf, MediaJSON)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// errAnother is what is wrong with all but the first that are rejected: nobody is told, and a body may hold millions.
var errAnother = errors.New("rejected like the first")

// wrong notes what is the matter with the span or record that is being read. The first thing counts.
func (d *decoder) wrong(format string, args ...any) {
	switch {
	case d.fault != nil:
	case d.why != nil:
		d.fault = errAnother
	default:
		d.fault = fmt.Errorf(format, args...)
	}
}

// refused ends the reading of a span or record, and reports whether it is not to be kept.
func (d *decoder) refused() bool {
	fault := d.fault
	d.fault = nil
	if fault == nil {
		return false
	}
	d.rejected++
	if d.why == nil {
		d.why = fault
	}
	return true
}

// names are texts that come again and again, each of them once in memory.
type names map[string]string

const (
	maxNames   = 4096
	maxNameLen = 96
)

func (n names) of(text []byte) string {
	if known, ok := n[string(text)]; ok {
		return known
	}
	s := valid(text)
	if len(s) <= maxNameLen && len(n) < maxNames {
		n[s] = s
	}
	return s
}

// valid is text as a string of its own that holds UTF-8 only.
func valid(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}
