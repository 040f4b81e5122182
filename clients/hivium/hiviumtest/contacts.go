package hiviumtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

var channels = []string{"email", "whatsapp", "ghl"}

type contact struct {
	ID        string          `json:"id"`
	FirstName string          `json:"first_name"`
	LastName  string          `json:"last_name"`
	Email     string          `json:"email"`
	Phone     string          `json:"phone"`
	Consent   map[string]bool `json:"consent"`
	Tags      []string        `json:"tags"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	number    int
}

// copy is the contact as it is now: replies are kept.
func (c *contact) copy() *contact {
	same := *c
	same.Consent = map[string]bool{}
	maps.Copy(same.Consent, c.Consent)
	return &same
}

// wrong is what is wrong with a contact, nil if nothing is.
func (c *contact) wrong() *refusal {
	for channel := range c.Consent {
		if !slices.Contains(channels, channel) {
			return wrong("consent must be by " + strings.Join(channels, ", ") + ".")
		}
	}
	switch {
	case c.Email == "" && c.Phone == "":
		return wrong("email or phone is required.")
	case c.Email != "" && !strings.Contains(c.Email, "@"):
		return wrong("email is none.")
	}
	return nil
}

func (s *Server) createContact(x *exchange) (any, *refusal) {
	c := contact{Consent: map[string]bool{}, Tags: []string{}}
	if json.Unmarshal(x.body, &c) != nil {
		return nil, wrong("The body is no contact.")
	}
	if refused := c.wrong(); refused != nil {
		return nil, refused
	}
	c.ID, c.number = s.newID("cnt")
	c.CreatedAt = time.Now().UTC()
	c.UpdatedAt = c.CreatedAt
	s.contacts = append(s.contacts, &c)
	x.status = http.StatusCreated
	return c.copy(), nil
}

func (s *Server) contact(id string) *contact {
	for _, c := range s.contacts {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (s *Server) getContact(x *exchange) (any, *refusal) {
	c := s.contact(x.r.PathValue("id"))
	if c == nil {
		return nil, notFound("contact")
	}
	return c.copy(), nil
}

func (s *Server) listContacts(x *exchange) (any, *refusal) {
	q := x.r.URL.Query()
	from, refused := since(q, "updated_since")
	if refused != nil {
		return nil, refused
	}
	text, tag := strings.ToLower(q.Get("q")), q.Get("tag")
	return page(x, s.contacts, func(c *contact) int { return c.number }, func(c *contact) bool {
		says := strings.ToLower(c.FirstName + " " + c.LastName + "\n" + c.Email + "\n" + c.Phone)
		return strings.Contains(says, text) && (tag == "" || slices.Contains(c.Tags, tag)) && !c.UpdatedAt.Before(from)
	})
}

func (s *Server) updateContact(x *exchange) (any, *refusal) {
	c := s.contact(x.r.PathValue("id"))
	if c == nil {
		return nil, notFound("contact")
	}
	next := c.copy()
	id, made := next.ID, next.CreatedAt
	if json.Unmarshal(x.body, next) != nil { // what is absent stays, also within consent
		return nil, wrong("The body is no change of a contact.")
	}
	if refused := next.wrong(); refused != nil {
		return nil, refused
	}
	next.ID, next.CreatedAt, next.UpdatedAt = id, made, time.Now().UTC()
	*c = *next
	return c.copy(), nil
}

func (s *Server) deleteContact(x *exchange) (any, *refusal) {
	before := len(s.contacts)
	s.contacts = slices.DeleteFunc(s.contacts, func(c *contact) bool { return c.ID == x.r.PathValue("id") })
	if len(s.contacts) == before {
		return nil, notFound("contact")
	}
	return nil, nil
}
