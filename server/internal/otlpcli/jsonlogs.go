package otlp

import (
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

func (d *decoder) jsonLogs(body []byte) error {
	r := &jsonReader{decoder: d, scan: jsonscan.New(body)}
	return r.request("resourceLogs", "resource_logs", func(resource string) error {
		if resource != "scopeLogs" && resource != "scope_logs" {
			return r.skip()
		}
		return r.elements(resource, r.logsOfScope)
	})
}

func (r *jsonReader) logsOfScope() error {
	first := len(r.logs)
	scope, err := r.scope(r.log, "logRecords", "log_records")
	for _, l := range r.logs[first:] {
		l.Scope = scope
	}
	return err
}

func (r *jsonReader) log() error {
	outer := r.fault
	r.fault = nil
	var log genai.Log
	var observed uint64
	err := r.members("a log record", func(name string) error { return r.logMember(&log, &observed, name) })
	if err != nil {
		return err
	}
	if log.Time.IsZero() {
		log.Time = moment(observed)
	}
	if !r.refused() {
		r.logs = append(r.logs, &log)
	}
	r.fault = outer
	return nil
}

func (r *jsonReader) logMember(log *genai.Log, observed *uint64, name string) (err error) {
	var n int64
	var left int
	switch name {
	case "traceId", "trace_id":
		err = r.jsonID(log.TraceID[:], "trace id")
	case "spanId", "span_id":
		err = r.jsonID(log.SpanID[:], "span id")
	case "timeUnixNano", "time_unix_nano":
		n, err = r.integer("a record's time")
		log.Time = moment(uint64(n))
	case "observedTimeUnixNano", "observed_time_unix_nano":
		n, err = r.integer("the time a record was observed")
		*observed = uint64(n)
	case "eventName", "event_name":
		log.EventName, err = r.label("a record's event name")
	case "body":
		log.Body, _, err = r.value("a record's body", 1)
	case "attributes":
		log.Attributes, err = r.attributes("a record's attributes", &left)
	default:
		err = r.skip()
	}
	return err
}
