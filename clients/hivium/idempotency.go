package hivium

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
)

// PostOption changes how a call of [Contacts.Create] or [Messages.Send] is made.
type PostOption interface{ applyPost(*post) }

type postOption func(*post)

func (f postOption) applyPost(p *post) { f(p) }

// post is a call that makes something.
type post struct {
	key   string
	given bool
	none  bool
}

// WithIdempotencyKey has the platform do it once, however often it is asked with this key and the same content: 1 to 255 visible ASCII characters. Other content under
// the key is [ErrIdempotencyConflict]. Default: a new key for each call, which is in what is recorded and in [Error.IdempotencyKey].
func WithIdempotencyKey(key string) PostOption {
	return postOption(func(p *post) { p.key, p.given, p.none = key, true, false })
}

// WithoutIdempotencyKey sends no key. Then the request is sent once: whether one that failed was carried out may stay unknown.
func WithoutIdempotencyKey() PostOption {
	return postOption(func(p *post) { *p = post{none: true} })
}

func newPost(opts []PostOption) (post, error) {
	p := post{}
	for _, o := range opts {
		if o != nil {
			o.applyPost(&p)
		}
	}
	switch {
	case p.none:
	case !p.given:
		p.key = rand.Text()
	case p.key == "" || len(p.key) > 255 || !visible(p.key):
		return p, invalid("the idempotency key is none: expected 1 to 255 visible ASCII characters")
	}
	return p, nil
}

// visible tells whether s has visible ASCII characters alone.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// posted is what is recorded of a call that makes something.
type posted struct {
	Body           any    `json:"body"`
	IdempotencyKey string `json:"idempotency_key,omitzero"`
}

// post makes something.
func (c *Client) post(ctx context.Context, e endpoint, body, into any, opts []PostOption) error {
	p, err := newPost(opts)
	if err != nil {
		return err
	}
	if _, err := json.Marshal(body); err != nil {
		return invalid("what is to be sent has no JSON form: is there a function, a channel or an infinite number in its metadata?")
	}
	q := call{endpoint: e, json: body, once: p.none, input: posted{body, p.key}, into: into, output: into}
	if !p.none {
		q.header = http.Header{"Idempotency-Key": {p.key}}
	}
	err = c.do(ctx, q)
	var failed *Error
	if errors.As(err, &failed) {
		failed.IdempotencyKey = p.key
	}
	return err
}
