package hivium

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Conversations are those with contacts.
type Conversations struct{ c *Client }

// ConversationStatus is whether a conversation goes on.
type ConversationStatus string

// Statuses of conversations.
const (
	ConversationActive   ConversationStatus = "active"
	ConversationArchived ConversationStatus = "archived"
)

// Conversation is one with a contact, by one channel. The document names its parameters and none of its fields: they are ours.
type Conversation struct {
	ID        string             `json:"id"`
	ContactID string             `json:"contact_id,omitzero"`
	Channel   Channel            `json:"channel,omitzero"`
	Status    ConversationStatus `json:"status,omitzero"`
	CreatedAt time.Time          `json:"created_at,omitzero"` // zero = not told
	UpdatedAt time.Time          `json:"updated_at,omitzero"` // zero = not told
}

// missing names a field without which it cannot be.
func (c *Conversation) missing() string {
	if c.ID == "" {
		return "id"
	}
	return ""
}

// ListConversations says which conversations are wanted; what is empty does not matter.
type ListConversations struct {
	Status    ConversationStatus
	ContactID string
	Channel   Channel
	PageOptions
}

func (l *ListConversations) values() url.Values {
	q := l.query()
	set(q, "status", string(l.Status))
	set(q, "contact_id", l.ContactID)
	return set(q, "channel", string(l.Channel))
}

// List gives a page of conversations. It needs the scope conversations:read.
func (c *Conversations) List(ctx context.Context, l ListConversations) (*Page[Conversation], error) {
	return list[Conversation](ctx, c.c, listConversations, l.values())
}

// All goes through the conversations from the page of l on. An error is the last that it yields.
func (c *Conversations) All(ctx context.Context, l ListConversations) iter.Seq2[*Conversation, error] {
	return each(ctx, l.PageOptions, func(ctx context.Context, o PageOptions) (*Page[Conversation], error) {
		l := l
		l.PageOptions = o
		return c.List(ctx, l)
	})
}
