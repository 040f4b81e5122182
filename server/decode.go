package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
)

// maxTopLevel bounds the members of the request object; more than three mean nothing.
const maxTopLevel = 32

// sentBatch is a request's body taken apart. Its events alias the body.
type sentBatch struct {
	client   store.Client
	sentAt   time.Time // zero = not given
	events   []store.Event
	rejected []rejection // never nil
}

// decodeRequest reads a body in one pass. The error is an *apiError that condemns the request as a whole.
func decodeRequest(body []byte, limits Limits) (*sentBatch, error) {
	d := newDecoder(body, limits)
	if d.scan.Peek() != '{' {
		return nil, invalid("the body must be a JSON object with an array named events")
	}
	err := d.scan.Members(d.topLevel)
	if err == nil {
		err = d.scan.End()
	}
	if err != nil {
		return nil, malformed(err)
	}
	if !slices.Contains(d.seen, "events") {
		return nil, invalid("events is missing: expected an array of events")
	}
	return &d.batch, nil
}

// malformed turns a syntax error into the client's words.
func malformed(err error) error {
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		return invalid("%v", syntax)
	}
	return err
}

// decoder is the state of decodeRequest.
type decoder struct {
	scan   *jsonscan.Scanner
	limits Limits
	batch  sentBatch
	size   int      // of the body
	seen   []string // top-level keys
	count  int      // events so far
	event  eventReader
}

func newDecoder(body []byte, limits Limits) *decoder {
	return &decoder{scan: jsonscan.New(body), limits: limits, size: len(body), batch: sentBatch{rejected: []rejection{}}}
}

func (d *decoder) topLevel(key []byte) error {
	name := unquoteKey(key)
	if slices.Contains(d.seen, name) {
		return invalid("%s occurs twice in the body", quote(name))
	}
	if len(d.seen) == maxTopLevel {
		return invalid("the body has more than %d members", maxTopLevel)
	}
	d.seen = append(d.seen, name)
	switch name {
	case "events":
		return d.events()
	case "client":
		return d.client()
	case "sent_at":
		return d.sentAt()
	}
	_, _, err := d.scan.Value()
	return err
}

func (d *decoder) events() error {
	if d.scan.Peek() != '[' {
		raw, _, err := d.scan.Value()
		if err != nil {
			return err
		}
		return invalid("events: expected an array, got %s", describe(raw))
	}
	return d.scan.Elements(func() error {
		if d.count == d.limits.MaxEvents {
			return tooLarge(d.limits, "more than %d events", d.limits.MaxEvents)
		}
		err := d.oneEvent()
		d.count++
		return err
	})
}

// oneEvent reads an event into the batch, or rejects it alone. It fails on broken JSON only.
func (d *decoder) oneEvent() error {
	raw, depth, err := d.event.read(d.scan)
	if err != nil {
		return err
	}
	d.take(raw, depth)
	return nil
}

// take decodes what was read last. Events are made in their place, for they are large.
func (d *decoder) take(raw []byte, depth int) {
	if d.batch.events == nil {
		d.batch.events = make([]store.Event, 0, d.expected(len(raw)))
	}
	d.batch.events = append(d.batch.events, store.Event{})
	last := len(d.batch.events) - 1
	e := &d.batch.events[last]
	p := d.oversize(raw, depth)
	if p != nil {
		d.event.identify(e)
	} else if p = d.event.decode(raw, e); p == nil && !utf8.Valid(raw) {
		p = wrong("the event is not valid UTF-8")
	}
	if p != nil {
		d.reject(d.nameOf(e), p)
		d.batch.events = d.batch.events[:last]
	}
}

// expected is how many events there probably are when the first has so many bytes.
func (d *decoder) expected(size int) int { return min(d.size/size+1, d.limits.MaxEvents) }

func (d *decoder) oversize(raw []byte, depth int) *problem {
	switch {
	case len(raw) > d.limits.MaxEventBytes:
		return &problem{codeTooLarge, "the event has " + strconv.Itoa(len(raw)) + " bytes, at most " + strconv.Itoa(d.limits.MaxEventBytes) + " are taken"}
	case depth > d.limits.MaxDepth:
		return &problem{codeTooLarge, "the event nests " + strconv.Itoa(depth) + " levels deep, at most " + strconv.Itoa(d.limits.MaxDepth) + " are taken"}
	}
	return nil
}

func (d *decoder) reject(id string, p *problem) {
	d.batch.rejected = append(d.batch.rejected, rejection{ID: id, Code: p.code, Message: p.message, Retry: p.code == codeMissingRef})
}

// nameOf returns what a rejection calls the event.
func (d *decoder) nameOf(e *store.Event) string {
	if e.ID != "" {
		return e.ID
	}
	return "#" + strconv.Itoa(d.count)
}

func (d *decoder) sentAt() error {
	raw, _, err := d.scan.Value()
	if err != nil || isNull(raw) {
		return err
	}
	t, p := readTime(raw)
	if p != nil {
		return invalid("sent_at: %s", p.message)
	}
	d.batch.sentAt = t
	return nil
}

func (d *decoder) client() error {
	if d.scan.Peek() != '{' {
		raw, _, err := d.scan.Value()
		if err != nil || isNull(raw) {
			return err
		}
		return invalid("client: expected an object, got %s", describe(raw))
	}
	return d.scan.Members(d.clientField)
}

func (d *decoder) clientField(key []byte) error {
	raw, _, err := d.scan.Value()
	if err != nil {
		return err
	}
	field := d.clientColumn(key)
	if field == nil || isNull(raw) {
		return nil
	}
	text, p := readText(raw)
	if p != nil || len(text) > maxName {
		return invalid("client.%s: expected a string of at most %d bytes, got %s", key, maxName, describe(raw))
	}
	*field = strings.ToValidUTF8(text, "\uFFFD")
	return nil
}

// clientColumn is where a field of the client is kept, nil for one that means nothing here.
func (d *decoder) clientColumn(key []byte) *string {
	c := &d.batch.client
	switch unquoteKey(key) {
	case "id":
		return &c.ID
	case "sdk":
		return &c.SDK
	case "version":
		return &c.Version
	case "service":
		return &c.Service
	case "environment":
		return &c.Environment
	case "release":
		return &c.Release
	}
	return nil
}

// unquoteKey returns a key without its escapes.
func unquoteKey(key []byte) string {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key)
	}
	var s string
	if json.Unmarshal(slices.Concat([]byte(`"`), key, []byte(`"`)), &s) != nil {
		return string(key)
	}
	return s
}
