package hiviumtest

import "time"

type conversation struct {
	ID        string    `json:"id"`
	ContactID string    `json:"contact_id"`
	Channel   string    `json:"channel"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	number    int
}

// conversationWith is the active conversation with a contact by a channel, a new one if there is none.
func (s *Server) conversationWith(contactID, channel string) *conversation {
	now := time.Now().UTC()
	for _, c := range s.conversations {
		if c.ContactID == contactID && c.Channel == channel && c.Status == "active" {
			c.UpdatedAt = now
			return c
		}
	}
	c := &conversation{ContactID: contactID, Channel: channel, Status: "active", CreatedAt: now, UpdatedAt: now}
	c.ID, c.number = s.newID("cnv")
	s.conversations = append(s.conversations, c)
	return c
}

// Archive ends the conversations with a contact, as somebody does in the platform: the API has no way to.
func (s *Server) Archive(contactID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conversations {
		if c.ContactID == contactID {
			c.Status, c.UpdatedAt = "archived", time.Now().UTC()
		}
	}
}

func (s *Server) listConversations(x *exchange) (any, *refusal) {
	q := x.r.URL.Query()
	if refused := oneOf(q, "status", "active", "archived"); refused != nil {
		return nil, refused
	}
	if refused := oneOf(q, "channel", channels...); refused != nil {
		return nil, refused
	}
	return page(x, s.conversations, func(c *conversation) int { return c.number }, func(c *conversation) bool {
		return same(q.Get("status"), c.Status) && same(q.Get("contact_id"), c.ContactID) && same(q.Get("channel"), c.Channel)
	})
}
