package sentineltest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Message is one of a session of the chat.
type Message struct {
	Role    string // user or assistant
	Content string
}

// maxMessage bounds the body of a message.
const maxMessage = 1 << 20

func (s *Server) chat(r *http.Request) *reply {
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return failed(http.StatusBadRequest, "Expected application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxMessage+1))
	var asked struct{ Message string }
	switch {
	case err != nil || len(body) <= maxMessage && json.Unmarshal(body, &asked) != nil:
		return failed(http.StatusBadRequest, "There was an error parsing the body")
	case len(body) > maxMessage:
		return failed(http.StatusRequestEntityTooLarge, "Message too large")
	case strings.TrimSpace(asked.Message) == "":
		return failed(http.StatusBadRequest, "Field required: message")
	}
	return answered(http.StatusOK, s.converse(r.PathValue("session"), asked.Message))
}

func (s *Server) converse(session, message string) map[string]any {
	content := s.cfg.answer(session, s.Messages(session), message)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session] = append(s.sessions[session], Message{"user", message}, Message{"assistant", content})
	return map[string]any{"message_id": s.id("msg"), "session_id": session, "role": "assistant", "content": content}
}

// Messages are those of a session, questions and answers.
func (s *Server) Messages(sessionID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sessions[sessionID])
}
