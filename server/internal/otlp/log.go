package otlp

import (
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

var resourceLogsNames = names{"resource": 1, "scopeLogs": 2}

func (d *decoder) resourceLogs(field int, v value) error {
	if field != 1 {
		return nil
	}
	return each(v, resourceLogsNames, func(field int, v value) error {
		if field != 2 {
			return nil
		}
		return d.scopeLogs(v)
	})
}

var scopeLogsNames = names{"scope": 1, "logRecords": 2}

func (d *decoder) scopeLogs(v value) error {
	var scope genai.Scope
	from := len(d.logs)
	err := each(v, scopeLogsNames, func(field int, v value) error {
		switch field {
		case 1:
			return d.scope(v, &scope)
		case 2:
			return d.one(v, d.log)
		}
		return nil
	})
	for _, l := range d.logs[from:] {
		l.Scope = scope
	}
	return err
}

var logNames = names{"timeUnixNano": 1, "body": 5, "attributes": 6, "traceId": 9, "spanId": 10, "observedTimeUnixNano": 11, "eventName": 12}

// log reads a record. Those without ids belong to no span, which is no mistake.
func (d *decoder) log(v value) error {
	l := new(genai.Log)
	var observed time.Time
	err := each(v, logNames, func(field int, v value) error {
		if err := d.logField(l, &observed, field, v); err != nil {
			return fmt.Errorf("a log record: %s: %w", nameOf(logNames, field), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if l.Time.IsZero() {
		l.Time = observed
	}
	d.logs = append(d.logs, l)
	return nil
}

func (d *decoder) logField(l *genai.Log, observed *time.Time, field int, v value) (err error) {
	switch field {
	case 1:
		l.Time, err = v.moment()
	case 5:
		l.Body, err = d.anyValue(v)
	case 6:
		err = d.attribute(v, &l.Attributes)
	case 9:
		err = v.id(l.TraceID[:])
	case 10:
		err = v.id(l.SpanID[:])
	case 11:
		*observed, err = v.moment()
	case 12:
		l.EventName, err = v.text()
	}
	return err
}

var (
	resourceMetricsNames = names{"scopeMetrics": 2}
	scopeMetricsNames    = names{"metrics": 2}
)

// resourceMetrics counts metrics.
func (d *decoder) resourceMetrics(field int, v value) error {
	if field != 1 {
		return nil
	}
	return each(v, resourceMetricsNames, func(field int, v value) error {
		if field != 2 {
			return nil
		}
		return each(v, scopeMetricsNames, func(field int, v value) error {
			if field != 2 {
				return nil
			}
			return d.one(v, func(value) error { return nil })
		})
	})
}
