package otlp

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// Signal is what a body holds.
type Signal int

// The signals that there are.
const (
	SignalNone Signal = iota // nothing, or nothing that is known
	SignalTraces
	SignalLogs
	SignalMetrics
)

// SignalOf finds out what a body of JSON or protobuf holds whose request is not known, as in a file. A body that is neither is SignalNone.
func SignalOf(body []byte, media string) Signal {
	if media == MediaJSON {
		return jsonSignal(body)
	}
	return protoSignal(body)
}

// errFound ends a look.
var errFound = errors.New("found")

var signalNames = map[string]Signal{
	"resourceSpans": SignalTraces, "resource_spans": SignalTraces, "resourceLogs": SignalLogs, "resource_logs": SignalLogs,
	"resourceMetrics": SignalMetrics, "resource_metrics": SignalMetrics,
}

func jsonSignal(body []byte) (found Signal) {
	scan := jsonscan.New(body)
	if scan.Peek() != '{' {
		return SignalNone
	}
	_ = scan.Members(func(key []byte) error {
		if found = signalNames[string(key)]; found != SignalNone {
			return errFound
		}
		_, _, err := scan.Value()
		return err
	})
	return found
}

// protoSignal looks at the first item in each scope: requests of all signals are alike down to there.
func protoSignal(body []byte) (found Signal) {
	_ = fields(body, func(f field) error {
		if !f.is(requestResources) {
			return nil
		}
		return fields(f.bytes, func(f field) error {
			if !f.is(resourcesScopes) {
				return nil
			}
			return fields(f.bytes, func(f field) error {
				if f.is(scopesItems) {
					found = itemSignal(f.bytes)
				}
				if found != SignalNone {
					return errFound
				}
				return nil
			})
		})
	})
	return found
}

// itemSignal tells them apart by the numbers of their times, which differ; without any, a span has ids of their lengths where a metric has its name and what it is.
func itemSignal(item []byte) Signal {
	var times, ids [spanFlags]bool
	_ = fields(item, func(f field) error {
		if f.num < spanFlags {
			times[f.num] = times[f.num] || f.typ == protowire.Fixed64Type
			ids[f.num] = ids[f.num] || f.is(spanTraceID) && len(f.bytes) == 16 || f.is(spanSpanID) && len(f.bytes) == 8 || f.is(logTraceID) && len(f.bytes) == 16
		}
		return nil
	})
	switch {
	case times[logTime], times[logObserved]:
		return SignalLogs
	case times[spanStart], times[spanEnd], ids[spanTraceID] && ids[spanSpanID]:
		return SignalTraces
	case ids[logTraceID] && count(item, 1) == 0, count(item, 1) == 0 && count(item, logBody) > 0:
		return SignalLogs
	case count(item, 1) > 0:
		return SignalMetrics
	}
	return SignalNone
}
