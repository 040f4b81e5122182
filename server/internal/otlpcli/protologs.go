package otlp

import "github.com/sentrial/sentrial-go/otelbridge/genai"

func (d *decoder) protoLogs(body []byte) error { return d.protoItems(body, d.protoLog) }

// Numbers of the fields of a log record.
const (
	logTime, logBody, logAttributes, logTraceID, logSpanID, logObserved, logEventName = 1, 5, 6, 9, 10, 11, 12
)

func (d *decoder) protoLog(message []byte, from *origin) error {
	log := genai.Log{Scope: from.scope}
	var observed uint64
	err := fields(message, func(f field) error { return d.protoLogField(&log, f, &observed) })
	if err != nil || d.refused() {
		return err
	}
	if log.Time.IsZero() {
		log.Time = moment(observed)
	}
	var left int
	if log.Attributes, err = d.protoAttributes(message, logAttributes, &left); err != nil {
		return err
	}
	d.logs = append(d.logs, &log)
	return nil
}

func (d *decoder) protoLogField(log *genai.Log, f field, observed *uint64) error {
	switch {
	case f.is(logTraceID):
		d.id(log.TraceID[:], f.bytes, "trace id")
	case f.is(logSpanID):
		d.id(log.SpanID[:], f.bytes, "span id")
	case f.is(logEventName):
		log.EventName = d.names.of(f.bytes)
	case f.is(logBody):
		v, _, err := d.protoValue(f.bytes, 1)
		log.Body = v
		return err
	case f.holds(logTime):
		log.Time = moment(f.n)
	case f.holds(logObserved):
		*observed = f.n
	}
	return nil
}
