package otlp

import (
	"bytes"
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

// SignalOf finds out what a body holds whose request is not known, as in a file. A body that cannot be read is SignalNone.
func SignalOf(body []byte, form Form) Signal {
	if form == JSON {
		return jsonSignal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	}
	return wireSignal(body)
}

// errFound ends a look.
var errFound = errors.New("found")

func jsonSignal(body []byte) (found Signal) {
	scan := jsonscan.New(body)
	if scan.Peek() != '{' {
		return SignalNone
	}
	_ = scan.Members(func(key []byte) error {
		if found = signalNamed(string(key)); found != SignalNone {
			return errFound
		}
		_, _, err := scan.Value()
		return err
	})
	return found
}

func signalNamed(key string) Signal {
	for i, known := range []names{spanNames, logNames, metricNames} {
		if key == known[ofRequest] || key == snake(known[ofRequest]) {
			return SignalTraces + Signal(i)
		}
	}
	return SignalNone
}

// wireSignal looks at the first item in each scope: requests of all signals are alike down to there.
func wireSignal(body []byte) (found Signal) {
	var look func(at level) func(field int, inner []byte) error
	look = func(at level) func(field int, inner []byte) error {
		return func(field int, inner []byte) error {
			switch {
			case at == ofScope && field == items:
				if found = itemSignal(inner); found != SignalNone {
					return errFound
				}
				return nil
			case at == ofRequest, field == items:
				return wireForm{}.open(inner, at+1, look(at+1))
			}
			return nil
		}
	}
	_ = wireForm{}.open(body, ofRequest, look(ofRequest))
	return found
}

// itemSignal tells items apart by the numbers of their times, which differ; without any, a span has ids of their lengths where a metric has its name and what it is.
func itemSignal(item []byte) Signal {
	const last = 16
	var times [last]bool // fields that are fixed64
	var sizes [last]int  // and those that are bytes, 1 more than there are
	_ = fields(item, func(num protowire.Number, typ protowire.Type, content []byte) error {
		switch {
		case num >= last:
		case typ == protowire.Fixed64Type:
			times[num] = true
		case typ == protowire.BytesType:
			sizes[num] = 1 + len(content)
		}
		return nil
	})
	switch {
	case times[1], times[11]: // a record's time, and when it was observed
		return SignalLogs
	case times[7], times[8], sizes[1] == 1+16 && sizes[2] == 1+8: // a span's start and end, its ids
		return SignalTraces
	case sizes[1] > 0: // a metric's name
		return SignalMetrics
	case sizes[9] == 1+16, sizes[5] > 0: // a record's trace id, its body
		return SignalLogs
	}
	return SignalNone
}
