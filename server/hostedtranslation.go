package server

import (
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// translation turns the body of a request on the hosted wire into an event of the batch wire.
type translation struct {
	in   *hostedRequest
	body *sentObject // what nobody took yet
	meta metadata
	out  objectWriter
	err  *apiError // the first thing that is wrong

	id    string
	at    time.Time
	timed bool // the SDK said when
}

func translate(in *hostedRequest) *translation {
	t := &translation{in: in, body: &in.body, at: in.now}
	t.meta.ours = in.client.ID != ""
	if raw := t.take("metadata", ofKind('{', "an object")); raw != nil {
		o, p := readObject(raw)
		t.note("metadata", p)
		t.meta.sentObject = o
	}
	return t
}

// note remembers what is wrong with a field.
func (t *translation) note(field string, p *problem) {
	if p != nil && t.err == nil {
		t.err = invalid("%s: %s", field, p.message)
	}
}

// take returns a field's value, nil if it is absent or wrong.
func (t *translation) take(field string, c check) []byte {
	raw := t.body.take(field)
	if raw == nil {
		return nil
	}
	if p := c(raw); p != nil {
		t.note(field, p)
		return nil
	}
	return raw
}

// need is take for a text that must be there.
func (t *translation) need(field string) []byte {
	missing := !t.body.has(field) || isNull(t.body.value(field)) || string(t.body.value(field)) == `""`
	raw := t.take(field, checkText)
	if missing && t.err == nil {
		t.err = invalid("%s is missing: expected a string that is not empty", field)
	}
	return raw
}

// count is take for a whole number, in the spelling of an integer.
func (t *translation) count(field string) []byte {
	if raw := t.take(field, checkCount); raw != nil {
		return wholeNumber(raw)
	}
	return nil
}

// any is take for content of any kind.
func (t *translation) any(field string) []byte {
	return t.take(field, func([]byte) *problem { return nil })
}

// content is any for what has to be an object on this wire: our SDK puts {"value": …} around all else, others mean what they say.
func (t *translation) content(field string) []byte {
	raw := t.any(field)
	if t.meta.ours {
		return unwrapped(raw)
	}
	return raw
}

// begin writes what every event has.
func (t *translation) begin(kind types.EventType, session string) {
	t.id = textOf(t.meta.own(ownID))
	if t.id == "" {
		t.id = newID("evt_")
	}
	t.out.text("id", t.id)
	t.out.text("type", string(kind))
	t.out.text("session_id", session)
	t.out.raw("timestamp", t.time())
	t.lift(ownIdentity, t.meta.own)
}

// time is when it happened: our SDK says so, of all others it is when they told.
func (t *translation) time() []byte {
	raw := t.meta.own(ownTime)
	if t.timed = raw != nil; !t.timed {
		return quoted(t.at.UTC().Format(time.RFC3339Nano))
	}
	t.at, _ = readTime(raw)
	return raw
}

// status writes how it went, which our SDK may know better than the wire can say.
func (t *translation) status(s types.Status) {
	if raw := t.meta.own(ownStatus); raw != nil {
		s = types.Status(textOf(raw))
	}
	t.out.text("status", string(s))
}

// lift writes facts that are in the metadata.
func (t *translation) lift(facts []fact, by func(fact) []byte) {
	for _, f := range facts {
		t.out.filled(f.name, by(f))
	}
}

// extra writes the fields that our SDK passes on without knowing them.
func (t *translation) extra() {
	raw := t.meta.own(ownExtra)
	if raw == nil {
		return
	}
	all, p := readObject(raw)
	t.note("metadata.extra", p)
	for _, m := range all.members {
		t.out.member(m.written, m.value)
	}
}

// finish writes the metadata, with all that is left of the body, and returns the event.
func (t *translation) finish() ([]byte, error) {
	t.extra()
	t.leftovers()
	t.meta.forgetNulls()
	t.out.raw("metadata", t.meta.text())
	if t.err != nil {
		return nil, t.err
	}
	return t.out.end(), nil
}

// textOf is the text of a JSON string, "" of nil.
func textOf(raw []byte) string {
	s, _ := readText(raw)
	return s
}
