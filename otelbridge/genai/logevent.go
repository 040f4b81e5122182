package genai

import "slices"

// eventOfLog gives a log record the form of an event of its span: its attributes, and the members of its body.
func eventOfLog(l *Log) SpanEvent {
	e := SpanEvent{Name: l.EventName, Time: l.Time, Attributes: slices.Clone(l.Attributes)}
	if e.Name == "" {
		for _, a := range l.Attributes {
			if a.Key == "event.name" {
				e.Name = textOf(a.Value)
			}
		}
	}
	if body, ok := l.Body.(map[string]any); ok {
		for name, v := range body {
			e.Attributes = append(e.Attributes, Attribute{name, v})
		}
		return e
	}
	members := objectIn(structured(l.Body))
	for name, raw := range members {
		e.Attributes = append(e.Attributes, Attribute{name, asWritten(raw)})
	}
	if members == nil && l.Body != nil {
		e.Attributes = append(e.Attributes, Attribute{"content", l.Body})
	}
	return e
}

// known tells whether an event holds something that is read here.
func (e *SpanEvent) known() bool {
	return vocabulary.events[e.Name] != 0 || e.Name == "exception" || e.Name == "gen_ai.client.operation.exception"
}
