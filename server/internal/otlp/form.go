package otlp

import "google.golang.org/protobuf/proto"

// form is how the messages of a request are written.
type form interface {
	// open calls fn for each message that a message of the envelope holds.
	open(message []byte, level level, fn func(field int, inner []byte) error) error
	// unmarshal decodes a message that is not of the envelope, if it holds no more values than that.
	unmarshal(message []byte, m proto.Message, limits Limits) error
}

// level is a place in the envelope that all signals have: a request holds blocks, each with a resource and blocks, each of these with a scope and items.
type level int

const (
	ofRequest level = iota
	ofResource
	ofScope
)

// The fields of the envelope have these numbers; that of a request has only the first, which is a list of blocks.
const (
	about = 1 // the resource or the scope
	items = 2 // blocks or items
)

// names are what JSON calls the lists of the envelope.
type names [3]string

var (
	spanNames   = names{"resourceSpans", "scopeSpans", "spans"}
	logNames    = names{"resourceLogs", "scopeLogs", "logRecords"}
	metricNames = names{"resourceMetrics", "scopeMetrics", "metrics"}
)

func (d *decoder) unmarshal(message []byte, m proto.Message) error {
	return d.form.unmarshal(message, m, d.limits)
}

// nesting is how deep messages nest at most where values nest so deep: an object in an object is three messages. The libraries stop there, beyond what is left out
// by itself and before it takes much of a stack.
func nesting(depth int) int { return 4*depth + 8 }
