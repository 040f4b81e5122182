package hivium

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"time"
)

// Contacts are the people of the workspace.
type Contacts struct{ c *Client }

// Contact is one of them. The document shows the fields of a new one, id and created_at; tags and updated_at are ours, as it names the parameters tag and updated_since.
type Contact struct {
	ID        string    `json:"id"` // cnt_...
	FirstName string    `json:"first_name,omitzero"`
	LastName  string    `json:"last_name,omitzero"`
	Email     string    `json:"email,omitzero"`
	Phone     string    `json:"phone,omitzero"` // such as +15551234567
	Consent   Consent   `json:"consent,omitzero"`
	Tags      []string  `json:"tags,omitzero"`
	CreatedAt time.Time `json:"created_at,omitzero"` // zero = not told
	UpdatedAt time.Time `json:"updated_at,omitzero"` // zero = not told
}

// missing names a field without which it cannot be.
func (c *Contact) missing() string {
	if c.ID == "" {
		return "id"
	}
	return ""
}

// CreateContact describes a new contact.
type CreateContact struct {
	FirstName string   `json:"first_name,omitzero"`
	LastName  string   `json:"last_name,omitzero"`
	Email     string   `json:"email,omitzero"`
	Phone     string   `json:"phone,omitzero"`
	Consent   Consent  `json:"consent,omitzero"`
	Tags      []string `json:"tags,omitzero"` // ours
}

// UpdateContact says what changes; what is nil stays, what is empty is removed. All of it is ours.
type UpdateContact struct {
	FirstName *string  `json:"first_name,omitzero"`
	LastName  *string  `json:"last_name,omitzero"`
	Email     *string  `json:"email,omitzero"`
	Phone     *string  `json:"phone,omitzero"`
	Consent   Consent  `json:"consent,omitzero"` // of the channels in it
	Tags      []string `json:"tags,omitzero"`    // all there will be
}

// ListContacts says which contacts are wanted; what is empty does not matter.
type ListContacts struct {
	Query        string // q in the document: found in name, email or phone
	Tag          string
	UpdatedSince time.Time
	PageOptions
}

func (l *ListContacts) values() url.Values {
	q := l.query()
	set(q, "q", l.Query)
	set(q, "tag", l.Tag)
	return set(q, "updated_since", timeOf(l.UpdatedSince))
}

// Create makes a contact. It needs the scope contacts:write.
func (c *Contacts) Create(ctx context.Context, contact CreateContact, opts ...PostOption) (*Contact, error) {
	var got Contact
	return result(&got, c.c.post(ctx, createContact, contact, &got, opts))
}

// Get gives a contact. It needs the scope contacts:read.
func (c *Contacts) Get(ctx context.Context, id string) (*Contact, error) {
	var got Contact
	return result(&got, c.c.do(ctx, call{endpoint: getContact, id: id, input: contactInput{ID: id}, into: &got, output: &got}))
}

// List gives a page of contacts. It needs the scope contacts:read.
func (c *Contacts) List(ctx context.Context, l ListContacts) (*Page[Contact], error) {
	return list[Contact](ctx, c.c, listContacts, l.values())
}

// All goes through the contacts from the page of l on. An error is the last that it yields.
func (c *Contacts) All(ctx context.Context, l ListContacts) iter.Seq2[*Contact, error] {
	return each(ctx, l.PageOptions, func(ctx context.Context, o PageOptions) (*Page[Contact], error) {
		l := l
		l.PageOptions = o
		return c.List(ctx, l)
	})
}

// Update changes a contact. It needs the scope contacts:write. The document names no route for it: ours is in paths.go.
func (c *Contacts) Update(ctx context.Context, id string, change UpdateContact) (*Contact, error) {
	var got Contact
	return result(&got, c.c.do(ctx, call{endpoint: updateContact, id: id, json: change, input: contactInput{id, &change}, into: &got, output: &got}))
}

// Delete removes a contact. It needs the scope contacts:write. The document names no route for it: ours is in paths.go.
func (c *Contacts) Delete(ctx context.Context, id string) error {
	err := c.c.do(ctx, call{endpoint: deleteContact, id: id, input: contactInput{ID: id}})
	var e *Error
	if errors.As(err, &e) && errors.Is(e, ErrNotFound) && e.Attempts > 1 {
		return nil // an attempt had done it whose reply was lost
	}
	return err
}

// contactInput is what is recorded of a call about a contact.
type contactInput struct {
	ID     string         `json:"id"`
	Change *UpdateContact `json:"change,omitzero"`
}
