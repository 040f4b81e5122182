package otlp

import (
	"errors"
	"fmt"

	logspb "go.opentelemetry.io/proto/otlp/logs/v1"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// log reads a record. Those without ids belong to no span, which is no mistake.
func (d *decoder) log(raw []byte) (err error) {
	var m logspb.LogRecord
	if err := d.unmarshal(raw, &m); err != nil {
		return fmt.Errorf("a log record: %w", err)
	}
	l := &genai.Log{EventName: m.GetEventName(), Time: moment(m.GetTimeUnixNano())}
	if l.Time.IsZero() {
		l.Time = moment(m.GetObservedTimeUnixNano())
	}
	switch {
	case !id(l.TraceID[:], m.GetTraceId()):
		return wrongID("trace id", len(l.TraceID), m.GetTraceId())
	case !id(l.SpanID[:], m.GetSpanId()):
		return wrongID("span id", len(l.SpanID), m.GetSpanId())
	}
	if err := d.said(l, &m); err != nil {
		return fmt.Errorf("a log record: %w", err)
	}
	d.logs = append(d.logs, l)
	return nil
}

// said reads what is in a record. A body that nests too deep is left out.
func (d *decoder) said(l *genai.Log, m *logspb.LogRecord) (err error) {
	if l.Body, err = d.value(m.GetBody(), 0); err != nil && !errors.Is(err, errDeep) {
		return err
	}
	l.Attributes, err = d.attributes(m.GetAttributes(), new(int))
	return err
}
