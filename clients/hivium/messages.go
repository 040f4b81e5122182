package hivium

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"
)

// Messages are what contacts were sent and have answered.
type Messages struct{ c *Client }

// MessageStatus is how far a message has come. One that is not named here is kept as it came.
type MessageStatus string

// MessageQueued is a message that waits to be sent, the only status that the document names.
const MessageQueued MessageStatus = "queued"

// Message is one to or from a contact. The reply to a new one has ID and Status; the other fields are those that it was sent with, and ours.
type Message struct {
	ID             string         `json:"id"` // msg_...
	Status         MessageStatus  `json:"status,omitzero"`
	ContactID      string         `json:"contact_id,omitzero"`
	ConversationID string         `json:"conversation_id,omitzero"` // ours
	Channel        Channel        `json:"channel,omitzero"`
	Text           string         `json:"text,omitzero"` // of a reply that has none: its body
	Metadata       map[string]any `json:"metadata,omitzero"`
	CreatedAt      time.Time      `json:"created_at,omitzero"` // ours; zero = not told
}

// missing names a field without which it cannot be.
func (m *Message) missing() string {
	if m.ID == "" {
		return "id"
	}
	return ""
}

// UnmarshalJSON takes the text under either of the names that the document has for it.
func (m *Message) UnmarshalJSON(data []byte) error {
	type plain Message
	got := struct {
		plain
		Body string `json:"body"`
	}{}
	if err := json.Unmarshal(data, &got); err != nil {
		return err
	}
	if *m = Message(got.plain); m.Text == "" {
		m.Text = got.Body
	}
	return nil
}

// SendMessage is a message to be sent. The document calls the text body in its sentence and text in its example: text is sent.
type SendMessage struct {
	ContactID string         `json:"contact_id"`
	Channel   Channel        `json:"channel"`
	Text      string         `json:"text"`
	Metadata  map[string]any `json:"metadata,omitzero"` // such as the campaign
}

// ListMessages says which messages are wanted; what is empty does not matter. All of it is ours.
type ListMessages struct {
	ContactID      string
	ConversationID string
	Channel        Channel
	PageOptions
}

func (l *ListMessages) values() url.Values {
	q := l.query()
	set(q, "contact_id", l.ContactID)
	set(q, "conversation_id", l.ConversationID)
	return set(q, "channel", string(l.Channel))
}

// Send queues a message to a contact, who must have agreed to be reached by its channel: see [ErrConsentMissing]. It needs the scope messages:write.
func (m *Messages) Send(ctx context.Context, message SendMessage, opts ...PostOption) (*Message, error) {
	var got Message
	return result(&got, m.c.post(ctx, sendMessage, message, &got, opts))
}

// List gives a page of messages. It needs the scope messages:read. The document names no route for it: ours is in paths.go.
func (m *Messages) List(ctx context.Context, l ListMessages) (*Page[Message], error) {
	return list[Message](ctx, m.c, listMessages, l.values())
}

// All goes through the messages from the page of l on. An error is the last that it yields.
func (m *Messages) All(ctx context.Context, l ListMessages) iter.Seq2[*Message, error] {
	return each(ctx, l.PageOptions, func(ctx context.Context, o PageOptions) (*Page[Message], error) {
		l := l
		l.PageOptions = o
		return m.List(ctx, l)
	})
}
