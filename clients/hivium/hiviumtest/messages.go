package hiviumtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

type message struct {
	ID             string         `json:"id"`
	Status         string         `json:"status"`
	ContactID      string         `json:"contact_id"`
	ConversationID string         `json:"conversation_id"`
	Channel        string         `json:"channel"`
	Text           string         `json:"text"`
	Metadata       map[string]any `json:"metadata"`
	CreatedAt      time.Time      `json:"created_at"`
	number         int
}

// queued is the reply to a message.
type queued struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// readMessage takes the text under both names that the document has for it.
func readMessage(body []byte) (*message, *refusal) {
	var m struct {
		message
		Body string `json:"body"`
	}
	if json.Unmarshal(body, &m) != nil {
		return nil, wrong("The body is no message.")
	}
	if m.Text == "" {
		m.Text = m.Body
	}
	switch {
	case m.Body != "" && m.Body != m.Text:
		return nil, wrong("text and body are the same field and say different things.")
	case m.ContactID == "" || m.Channel == "" || m.Text == "":
		return nil, wrong("contact_id, channel and text are required.")
	case !slices.Contains(channels, m.Channel):
		return nil, wrong("channel must be one of " + strings.Join(channels, ", ") + ".")
	}
	return &m.message, nil
}

func (s *Server) sendMessage(x *exchange) (any, *refusal) {
	m, refused := readMessage(x.body)
	if refused != nil {
		return nil, refused
	}
	to := s.contact(m.ContactID)
	switch {
	case to == nil:
		return nil, notFound("contact")
	case !to.Consent[m.Channel]:
		return nil, refuse(http.StatusForbidden, "consent_missing", fmt.Sprintf("Contact %s has no %s consent on file.", to.ID, m.Channel))
	}
	m.ID, m.number = s.newID("msg")
	m.Status, m.CreatedAt = "queued", time.Now().UTC()
	m.ConversationID = s.conversationWith(to.ID, m.Channel).ID
	s.messages = append(s.messages, m)
	x.status = http.StatusAccepted
	return queued{m.ID, m.Status}, nil
}

func (s *Server) listMessages(x *exchange) (any, *refusal) {
	q := x.r.URL.Query()
	if refused := oneOf(q, "channel", channels...); refused != nil {
		return nil, refused
	}
	return page(x, s.messages, func(m *message) int { return m.number }, func(m *message) bool {
		return same(q.Get("contact_id"), m.ContactID) && same(q.Get("conversation_id"), m.ConversationID) && same(q.Get("channel"), m.Channel)
	})
}
