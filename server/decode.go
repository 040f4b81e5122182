package server

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
)

// maxKeys bounds the members of the request's object, and of the client in it; more than six mean nothing.
const maxKeys = 32

// keys are those of an object that have come.
type keys []string

func (k *keys) add(where, name string) error {
	switch {
	case slices.Contains(*k, name):
		return invalid("%s occurs twice in %s", quote(name), where)
	case len(*k) == maxKeys:
		return invalid("%s has more than %d members", where, maxKeys)
	}
	*k = append(*k, name)
	return nil
}

// sentBatch is a request's body taken apart. Its events alias the body.
type sentBatch struct {
	client   store.Client
	sentAt   time.Time // zero = not given
	events   []store.Event
	lines    []int             // of events that came as lines: which, from 1
	rejected []rejection       // never nil
	hash     [sha256.Size]byte // over the events as they were sent, the rejected ones included, if it was asked for
}

// nameOf is what a rejection calls event i.
func (b *sentBatch) nameOf(i int) string {
	if b.lines != nil {
		return lineName(b.lines[i])
	}
	return b.events[i].ID
}

// decodeRequest reads a body that is a batch.
func decodeRequest(body []byte, limits Limits) (*sentBatch, error) {
	return decodeBody(body, (*decoder).request, limits, false)
}

// decodeBody reads a body in one pass. The error is an *apiError that condemns the request as a whole.
func decodeBody(body []byte, read form, limits Limits, hashed bool) (*sentBatch, error) {
	d := &decoder{scan: jsonscan.New(body), limits: limits, body: body, batch: sentBatch{rejected: []rejection{}}}
	if hashed {
		d.digest = sha256.New()
	}
	if err := read(d); err != nil {
		return nil, malformed(err)
	}
	if hashed {
		d.digest.Sum(d.batch.hash[:0])
	}
	return &d.batch, nil
}

// request reads a JSON object with a batch.
func (d *decoder) request() error {
	if d.scan.Peek() != '{' {
		return invalid("the body must be a JSON object with an array named events")
	}
	if err := d.scan.Members(d.topLevel); err != nil {
		return err
	}
	if err := d.scan.End(); err != nil {
		return err
	}
	if !slices.Contains(d.seen, "events") {
		return invalid("events is missing: expected an array of events")
	}
	return nil
}

// malformed turns a syntax error into the client's words.
func malformed(err error) error {
	if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
		return invalid("%v", syntax)
	}
	return err
}

// decoder is the state of decodeBody.
type decoder struct {
	scan   *jsonscan.Scanner
	limits Limits
	batch  sentBatch
	body   []byte
	digest hash.Hash // nil = not asked for
	length []byte    // of an event, for the digest
	seen   keys      // of the body
	count  int       // events so far
	event  eventReader
}

func (d *decoder) topLevel(key []byte) error {
	name := unquoteKey(key)
	if err := d.seen.add("the body", name); err != nil {
		return err
	}
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
	return d.scan.Elements(d.oneEvent)
}

// oneEvent reads an event into the batch, or rejects it alone. It fails on broken JSON only.
func (d *decoder) oneEvent() error {
	if err := d.another(); err != nil {
		return err
	}
	raw, depth, err := d.event.read(d.scan)
	if err != nil {
		return err
	}
	d.digestEvent(raw)
	if e, p := d.take(raw, depth); p != nil {
		d.reject(cmp.Or(e.ID, "#"+strconv.Itoa(d.count-1)), p)
	}
	return nil
}

// another counts the event that comes.
func (d *decoder) another() error {
	if d.count == d.limits.MaxEvents {
		return tooLarge(d.limits, "more than %d events", d.limits.MaxEvents)
	}
	d.count++
	return nil
}

// digestEvent adds an event to the hash, and its length, so that no two rows of events have the same.
func (d *decoder) digestEvent(text []byte) {
	if d.digest != nil {
		d.length = binary.BigEndian.AppendUint64(d.length[:0], uint64(len(text)))
		_, _ = d.digest.Write(d.length)
		_, _ = d.digest.Write(text)
	}
}

// take decodes the event that was read last and adds it to the batch, or says what is wrong with it. Events are made in their place, for
// they are large.
func (d *decoder) take(raw []byte, depth int) (*store.Event, *problem) {
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
		d.batch.events = d.batch.events[:last]
	}
	return e, p
}

// expected is how many events there probably are when the first has so many bytes.
func (d *decoder) expected(size int) int { return min(len(d.body)/size+1, d.limits.MaxEvents) }

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
	var seen keys
	return d.scan.Members(func(key []byte) error {
		name := unquoteKey(key)
		if err := seen.add("client", name); err != nil {
			return err
		}
		return d.clientField(name)
	})
}

func (d *decoder) clientField(name string) error {
	raw, _, err := d.scan.Value()
	if err != nil {
		return err
	}
	field := d.clientColumn(name)
	if field == nil || isNull(raw) {
		return nil
	}
	text, p := readText(raw)
	if p != nil || len(text) > maxName {
		return invalid("client.%s: expected a string of at most %d bytes, got %s", name, maxName, describe(raw))
	}
	*field = strings.ToValidUTF8(text, "\uFFFD")
	return nil
}

// clientColumn is where a field of the client is kept, nil for one that means nothing here.
func (d *decoder) clientColumn(name string) *string {
	c := &d.batch.client
	switch name {
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
