package server

import (
	"encoding/json"
	"net/http"
	"time"
)

// hostedEvent is the reply to POST /api/sdk/events.
type hostedEvent struct {
	ID        string          `json:"id"`
	SessionID string          `json:"sessionId"`
	EventType string          `json:"eventType"`
	ToolName  json.RawMessage `json:"toolName"` // as it came, or null
	CreatedAt time.Time       `json:"createdAt"`
}

// createEvent takes an event of a session that is known.
func (s *Server) createEvent(r *http.Request, in *hostedRequest) (any, error) {
	t := translate(in)
	reply := hostedEvent{ToolName: t.body.value("toolName"), SessionID: textOf(t.need("sessionId")), EventType: textOf(t.need("eventType"))}
	if err := t.event(&reply); err != nil {
		return nil, err
	}
	text, err := t.finish()
	if err != nil {
		return nil, err
	}
	if err := s.mustKnow(r.Context(), in, reply.SessionID); err != nil {
		return nil, err
	}
	reply.ID, reply.CreatedAt = t.id, t.at.UTC()
	_, err = s.storeHosted(r.Context(), in, text)
	return reply, err
}

func (t *translation) event(reply *hostedEvent) error {
	if t.err != nil {
		return t.err
	}
	translate, known := hostedKinds[reply.EventType]
	if !known {
		return invalid("eventType: expected tool_call, llm_decision, state_change or error, got %s", quote(reply.EventType))
	}
	translate(t, reply.SessionID)
	return nil
}
