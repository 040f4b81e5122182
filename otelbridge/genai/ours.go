package genai

import (
	"encoding/json"
	"strings"
	"time"
)

// Spans of our own say exactly which event they were made of. They are not judged by what is around them: each is the event that its id names, in its session and
// under its parent, so that an event that also comes directly is stored once.

// isOurs tells whether the SDK made the span of an event.
func (r *reading) isOurs() bool {
	o := ourEvent{attributes: r.span.Attributes}
	return o.text("sentrial.source") == "sdk" && r.has(fieldEventID) && o.text("sentrial.session.id") != "" && isEventType(o.text("sentrial.event.type"))
}

// isEventType tells whether a type may travel.
func isEventType(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' })
}

// ours gives the events that the span was made of: its own, that which ended the session whose span it is, and those that were noted on it.
func (r *reading) ours(withoutContent bool) []Event {
	o := ourEvent{attributes: r.span.Attributes, withoutContent: withoutContent}
	e := o.event(r, r.span.Start)
	e.Type = EventType(o.text("sentrial.event.type"))
	e.Duration = max(0, r.span.End.Sub(r.span.Start))
	if e.Type == EventSessionStart || e.Type == EventSessionEnd {
		e.Duration = 0
	}
	o.payload(r, &e)
	events := []Event{e}
	for i := range r.span.Events {
		if noted, ok := r.noted(&r.span.Events[i], withoutContent); ok {
			events = append(events, noted)
		}
	}
	if end, ok := o.end(r, &e); ok {
		events[0].Status = ""
		delete(events[0].Fields, "status")
		events = append(events, end)
	}
	return events
}

// noted gives the event that was noted on the span: an error, or what became known of the session.
func (r *reading) noted(s *SpanEvent, withoutContent bool) (Event, bool) {
	o := ourEvent{attributes: s.Attributes, withoutContent: withoutContent}
	if o.text("sentrial.event.id") == "" {
		return Event{}, false
	}
	e := o.event(r, s.Time)
	switch s.Name {
	case "exception":
		e.Type = EventError
	case "sentrial.session_update":
		e.Type = EventSessionUpdate
	default:
		return Event{}, false
	}
	o.payload(r, &e)
	return e, true
}

// ourEvent reads one event back.
type ourEvent struct {
	attributes     []Attribute
	withoutContent bool
	fields         map[string]any
}

// event reads what all events have.
func (o *ourEvent) event(r *reading, at time.Time) Event {
	o.fields = make(map[string]any)
	for _, m := range ourEnvelope {
		o.member(m)
	}
	id, _ := r.sessionID([]string{"sentrial.session.id"})
	status := ourStatus(o.text("sentrial.status"))
	if status != "" {
		o.fields["status"] = status
	}
	return Event{
		ID: ruly(o.text("sentrial.event.id")), ParentID: ruly(o.text("sentrial.parent.id")), SessionID: id,
		TraceID: r.span.TraceID, SpanID: r.span.SpanID, Time: at, Status: status, Fields: o.fields,
	}
}

// ourStatus gives a status of the wire, for one that may be any word.
func ourStatus(word string) Status {
	switch word {
	case "", "success", "error", "cancelled", "unknown":
		return Status(word)
	}
	return StatusOfUnknown
}

// end reads the event that ended a session, which is on the span that began with it.
func (o *ourEvent) end(r *reading, start *Event) (Event, bool) {
	id := o.text("sentrial.session_end.id")
	if start.Type != EventSessionStart || id == "" {
		return Event{}, false
	}
	e := Event{
		Type: EventSessionEnd, ID: ruly(id), SessionID: start.SessionID, TraceID: start.TraceID, SpanID: start.SpanID, Time: r.span.End, Status: start.Status,
		Result: &Result{Status: start.Status},
	}
	ended := ourEvent{attributes: o.attributes, withoutContent: o.withoutContent, fields: make(map[string]any)}
	for _, m := range ourMembers[EventSessionEnd] {
		ended.member(m)
	}
	ended.member(ourMember{"sentrial.session_end.seq", "seq", asItIs, false})
	ended.member(ourMember{"sentrial.session_end.metadata", "metadata", inJSON, false})
	ended.unknown("sentrial.session_end.fields")
	if start.Status != "" {
		ended.fields["status"] = start.Status
	}
	e.Fields = ended.fields
	e.Result.Summary, e.Result.Output = textOf(ended.fields["summary"]), ended.fields["output"]
	return e, true
}

// payload reads the rest by the type of the event.
func (o *ourEvent) payload(r *reading, e *Event) {
	for _, m := range ourMembers[e.Type] {
		o.member(m)
	}
	switch e.Type {
	case EventLLMCall:
		o.llmCall()
		e.LLMCall = r.llmCall()
	case EventToolCall:
		e.ToolCall = r.toolCall()
	case EventDecision:
		e.Decision = r.decision()
	case EventStep:
		e.Step = r.step()
	case EventFeedback:
		o.judgement(r)
		e.Feedback = r.feedback()
	case EventError:
		o.exception(r)
		e.Failure = &Failure{Type: textOf(o.fields["error_type"]), Message: textOf(o.fields["error_message"]), Stack: textOf(o.fields["stack_trace"])}
	case EventSessionStart:
		s := r.session()
		e.Session = &s
	case EventSessionEnd:
		e.Result = &Result{Status: e.Status, Summary: textOf(o.fields["summary"]), Output: o.fields["output"]}
	}
	o.unknown("sentrial.event")
	o.unknown("sentrial.fields")
	e.Error = textOf(o.fields["error"])
}

// exception reads an error, from its span event or from that on its own span.
func (o *ourEvent) exception(r *reading) {
	if o.fields["error_message"] != nil || o.fields["error_type"] != nil {
		return
	}
	o.fromEvent(r, "exception", ourMembers[EventError])
}

func (o *ourEvent) judgement(r *reading) { o.fromEvent(r, "gen_ai.evaluation.result", ourJudgement) }

func (o *ourEvent) fromEvent(r *reading, name string, members []ourMember) {
	for i := range r.span.Events {
		if e := &r.span.Events[i]; e.Name == name && (&ourEvent{attributes: e.Attributes}).text("sentrial.event.id") == "" {
			inside := ourEvent{attributes: e.Attributes, withoutContent: o.withoutContent, fields: o.fields}
			for _, m := range members {
				inside.member(m)
			}
		}
	}
}

// unknown reads members without a field, and events of types without a struct.
func (o *ourEvent) unknown(key string) {
	if o.withoutContent {
		return
	}
	for name, raw := range objectIn(structured(o.text(key))) {
		if _, known := o.fields[name]; !known && !ourEnvelopeName(name) {
			o.fields[name] = raw
		}
	}
}

func ourEnvelopeName(name string) bool {
	switch name {
	case "id", "type", "session_id", "parent_id", "timestamp", "duration_ms", "trace_id", "span_id":
		return true
	}
	return false
}

// llmCall reads what takes more than one attribute.
func (o *ourEvent) llmCall() {
	if o.fields["model"] == o.fields["request_model"] {
		delete(o.fields, "request_model")
	}
	parameters := make(map[string]any)
	for _, a := range o.attributes {
		if name, ok := strings.CutPrefix(a.Key, "gen_ai.request."); ok && name != "model" {
			parameters[name] = a.Value
		}
	}
	for name, raw := range objectIn(structured(o.text("sentrial.parameters"))) {
		parameters[name] = raw
	}
	if len(parameters) > 0 {
		o.fields["parameters"] = parameters
	}
	o.conversation()
}

// conversation reads messages as they are, and texts that stand there as messages.
func (o *ourEvent) conversation() {
	if o.withoutContent {
		return
	}
	plain := make(map[string]bool)
	for _, name := range textsOf(o.value("sentrial.plain")) {
		plain[name] = true
	}
	for _, c := range []struct{ key, text, messages string }{
		{"gen_ai.input.messages", "prompt", "messages"}, {"gen_ai.output.messages", "response", "output_messages"},
	} {
		raw := structured(o.value(c.key))
		switch {
		case raw != nil && plain[c.text]:
			o.fields[c.text] = plainText(conversation(raw, "user"))
		case raw != nil:
			o.fields[c.messages] = raw
		}
	}
	if system := structured(o.value("gen_ai.system_instructions")); system != nil {
		first := jsonOf(map[string]any{"role": "system", "parts": system})
		rest, _ := o.fields["messages"].(json.RawMessage)
		o.fields["messages"] = append([]json.RawMessage{first}, listIn(rest)...)
	}
}

func (o *ourEvent) value(key string) any {
	for i := range o.attributes {
		if o.attributes[i].Key == key {
			return o.attributes[i].Value
		}
	}
	return nil
}

func (o *ourEvent) text(key string) string { return textOf(o.value(key)) }
