package faultsink

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// hostedBody is what the sink looks at in a request of the hosted wire.
type hostedBody struct {
	Name, AgentName, UserID        string // creating
	Status                         string // ending
	SessionID, EventType, ToolName string // recording
	ToolError                      json.RawMessage
	Metadata                       map[string]json.RawMessage
	client                         string
	raw                            json.RawMessage
}

// readHosted reads a request whose event and session are told by what.
func (x *Exchange) readHosted(what func(hostedBody) (e Event, session string, err error)) (content, *refusal) {
	raw, refused := readRaw(x.http)
	c := content{wire: int64(len(raw)), decoded: raw}
	if refused != nil {
		return c, refused
	}
	b := hostedBody{client: x.http.Header.Get("Sentrial-Client"), raw: raw}
	if err := json.Unmarshal(raw, &b); err != nil || !bytes.HasPrefix(bytes.TrimLeft(raw, " \t\r\n"), []byte("{")) {
		return c, &refusal{status: http.StatusBadRequest, message: fmt.Sprintf("the body is no JSON object with fields of the protocol: %v", err)}
	}
	e, session, err := what(b)
	if err != nil {
		return c, &refusal{status: http.StatusBadRequest, message: err.Error()}
	}
	e.Hosted, e.session = session, b.sessionMember()
	if s := x.sink.hosted.find(session); s != nil {
		e.SessionID = s.name()
	} else {
		e.SessionID = session
	}
	c.events, c.session, c.hosted = []Event{e}, e.SessionID, b
	return c, nil
}

// sessionMember is the session's id as it stands in the body.
func (b hostedBody) sessionMember() string {
	if b.SessionID == "" {
		return ""
	}
	return fmt.Sprintf(`"sessionId":%q`, b.SessionID)
}

func (b hostedBody) require(fields ...string) error {
	values := map[string]string{"name": b.Name, "agentName": b.AgentName, "userId": b.UserID, "sessionId": b.SessionID, "eventType": b.EventType}
	for _, field := range fields {
		if values[field] == "" {
			return fmt.Errorf("%s is required", field)
		}
	}
	return nil
}

func (b hostedBody) validStatus() error {
	if b.Status != "completed" && b.Status != "failed" {
		return fmt.Errorf("status %q is neither completed nor failed", b.Status)
	}
	return nil
}

// kind is the type that the event has in the batch protocol.
func (b hostedBody) kind() (string, error) {
	switch b.EventType {
	case "tool_call":
		if strings.HasPrefix(b.ToolName, "llm:") {
			return "llm_call", nil
		}
		return "tool_call", nil
	case "llm_decision":
		return "decision", nil
	case "error":
		return "error", nil
	case "state_change":
		return cmp.Or(b.sdk("event_type"), "step"), nil
	}
	return "", fmt.Errorf("eventType %q is unknown", b.EventType)
}

// event is what the SDK says of itself in the metadata. A program without our SDK has nothing there, and its events get ids.
func (b hostedBody) event(kind string) Event {
	e := Event{ID: cmp.Or(b.sdk("event_id"), newID("evt_")), Type: kind, Status: b.status(), Client: b.client, JSON: b.raw}
	_ = json.Unmarshal(b.member("seq"), &e.Seq) // what is no number is none
	e.Timestamp, _ = time.Parse(time.RFC3339Nano, b.sdk("timestamp"))
	return e
}

func (b hostedBody) status() string {
	switch status := b.sdk("status"); {
	case status == "cancelled" || status == "unknown":
		return status
	case len(b.ToolError) > 0 || b.Status == "failed":
		return "error"
	}
	return "success"
}

// sdk is a text that the SDK put into the metadata.
func (b hostedBody) sdk(name string) (text string) {
	_ = json.Unmarshal(b.member(name), &text) // what is no text is none
	return text
}

// member is what the SDK put into the metadata under this name, or under a longer one if the program had the name in use.
func (b hostedBody) member(name string) json.RawMessage {
	if longer, ok := b.Metadata["sentrial_"+name]; ok {
		return longer
	}
	return b.Metadata[name]
}
