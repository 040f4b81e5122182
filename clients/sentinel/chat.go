package sentinel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// Message is an answer of the chat.
type Message struct {
	ID        string          `json:"message_id,omitempty"` // "" if the reply has none
	SessionID string          `json:"session_id"`
	Content   string          `json:"content"`
	Raw       json.RawMessage `json:"-"` // the reply
}

// UnmarshalJSON reads the reply to a message.
func (m *Message) UnmarshalJSON(data []byte) error {
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	*m = Message{
		ID: f.text(namesMessageID), SessionID: f.text([]string{"session_id"}), Content: f.content(namesContent), Raw: append(json.RawMessage(nil), data...),
	}
	return nil
}

// missing names what a reply must have and has not.
func (m *Message) missing() string { return lacking(namesContent, m.Content) }

// Send sends a message to a session of the chat, and returns the answer. The caller chooses the session's id: the documentation names no way to open one.
func (c *Chat) Send(ctx context.Context, sessionID, message string) (*Message, error) {
	path, err := idPath(pathMessages, sessionID)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(message) == "" {
		return nil, errors.New("sentinel: the message is empty")
	}
	answer := &Message{}
	err = c.core.act(ctx, platform.Request{
		Tool: "chat.send", Method: http.MethodPost, Path: path, Retry: true, Into: answer, Missing: answer.missing, Output: answer,
		JSON:  map[string]string{"message": message},
		Input: map[string]any{"session_id": sessionID, "message": message},
	})
	if err != nil {
		return nil, err
	}
	if answer.SessionID == "" {
		answer.SessionID = sessionID
	}
	return answer, nil
}
