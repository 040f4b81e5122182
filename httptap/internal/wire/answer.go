package wire

import (
	"bytes"
	"mime"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// Answer is what a reply has said so far. It is for one goroutine at a time.
type Answer struct {
	wire   *Wire
	status int
	media  string // type of the content

	said   said
	values values
	sse    *sse   // of a stream of events
	start  []byte // what came before it was clear what the reply is
	form   form
	prose  []byte // the beginning of what is no JSON
	read   int    // values that were read
}

// maxLimit is more content than anybody means to keep.
const maxLimit = 1 << 29

// frameBytes is what a value may have around its content, which may be written in twice as many bytes.
const frameBytes = 4 << 10

// form is how a reply is written.
type form int

const (
	formUnknown form = iota
	formJSON         // one value, several, or a list of them
	formLines        // one value a line
	formSSE          // server-sent events
	formText         // anything else
)

// Answer reads a reply, that of a failure too, in pieces as they come. It keeps limit bytes of what was said; after them only facts are read.
func (w *Wire) Answer(status int, contentType string, limit int) *Answer {
	limit = min(max(limit, 0), maxLimit)
	a := &Answer{wire: w, status: status, said: said{left: limit}}
	a.media, _, _ = mime.ParseMediaType(contentType)
	a.values = values{limit: 2*limit + frameBytes, vectors: w.vectors, emit: a.value}
	return a
}

// Write reads a piece of the reply. It never fails.
func (a *Answer) Write(p []byte) (int, error) {
	n := len(p)
	if a.form == formUnknown {
		p = a.look(p)
	}
	a.write(p)
	return n, nil
}

func (a *Answer) write(p []byte) {
	switch a.form {
	case formSSE:
		a.sse.Write(p)
	case formJSON, formLines:
		a.values.Write(p)
	}
	if a.form != formUnknown && (a.read == 0 || a.status >= 300) && len(a.prose) < maxMessage {
		a.prose = append(a.prose, p[:min(len(p), maxMessage-len(a.prose))]...)
	}
}

var byteOrderMark = []byte("\uFEFF")

// look finds out what the reply is, and gives what is to be read then. Content types do not always tell the truth: what begins like JSON is no stream of events.
func (a *Answer) look(p []byte) []byte {
	if len(a.start) > 0 {
		p = append(a.start, p...)
	}
	p = bytes.TrimLeft(p, " \t\r\n")
	if len(p) == 0 || len(p) < len(byteOrderMark) && bytes.HasPrefix(byteOrderMark, p) {
		a.start = bytes.Clone(p)
		return nil
	}
	p = bytes.TrimLeft(bytes.TrimPrefix(p, byteOrderMark), " \t\r\n")
	if len(p) == 0 {
		a.start = bytes.Clone(byteOrderMark)
		return nil
	}
	a.form, a.start = a.formOf(p[0]), nil
	switch a.form {
	case formSSE:
		a.sse = &sse{values: &a.values, done: func() { a.said.ended = true }}
	case formLines:
		a.values.lines = true
	}
	return p
}

func (a *Answer) formOf(first byte) form {
	json := first == '{' || first == '[' || first == 0x1e
	switch {
	case json && (strings.Contains(a.media, "ndjson") || strings.Contains(a.media, "jsonl") || strings.Contains(a.media, "json-seq")):
		return formLines
	case json:
		return formJSON
	case a.media == "text/event-stream", a.status < 300 && bytes.IndexByte([]byte("de:ir"), first) >= 0: // data, event, a comment, id, retry
		return formSSE
	}
	return formText
}

// value reads one that is whole.
func (a *Answer) value(o value) {
	a.read++
	a.object(o)
	if a.form == formJSON && !a.values.wasList && a.wire.whole(o) {
		a.said.ended, a.said.begun = true, a.said.begun && a.read > 1
	}
}

// whole tells whether an object outside of a list is a whole reply: all are, but those that say themselves that there is more to come.
func (w *Wire) whole(o value) bool { return o.pick("done").Kind() != 'f' }

func (a *Answer) object(o value) {
	named := a.sse != nil && string(a.sse.event) == "error"
	if fault := errorIn(o, a.status >= 300 || named); fault != nil {
		a.said.fail(fault)
		a.said.ended = a.said.ended || a.form != formSSE
	}
	if a.status < 300 {
		a.wire.answer(&a.said, o)
	}
}

// fail keeps the first thing that went wrong: what follows follows from it.
func (s *said) fail(e *Error) {
	if s.fault == nil {
		s.fault = e
	}
}

// Begun tells whether the first token of a stream has come: text, reasoning or a call of a tool. A reply that is no stream never says so.
func (a *Answer) Begun() bool { return a.said.begun }

// Ended tells whether the reply's own end was seen.
func (a *Answer) Ended() bool { return a.said.ended || a.form == formJSON && a.values.listEnded }

// Finish puts what was said into call: what was asked for may stand in it. The error is an *Error with what the provider said, or ErrCut, or ErrUnreadable.
// An answer that has its reason to stop is not cut, though its very end, which [Answer.Ended] tells of, may not have come.
func (a *Answer) Finish(call *types.LLMCall) error {
	a.end()
	a.values.free()
	a.said.truncated = a.said.truncated || a.values.truncated
	if a.values.spoiled > 0 {
		a.said.note("unreadable_pieces", a.values.spoiled)
	}
	a.said.put(call)
	return a.failure()
}

// end reads what the reply breaks off in. An event of a stream is whole or none, for its reader had none either.
func (a *Answer) end() {
	if a.sse != nil {
		a.sse.end()
	}
	if a.form != formJSON || a.values.wasList {
		return
	}
	if o := a.values.whole(a.values.broken()); o.There() {
		begun := a.said.begun
		a.read++
		a.object(o)
		a.said.ended, a.said.begun = false, begun
	}
}

func (a *Answer) failure() error {
	switch {
	case a.status >= 300:
		return a.refusal()
	case a.said.fault != nil:
		return a.said.fault
	case a.said.ended || a.said.settled():
		return nil
	case a.read == 0 && (a.form == formText || a.values.spoiled > 0):
		return ErrUnreadable
	}
	return ErrCut
}

// refusal is the error of a reply whose status says that there is one.
func (a *Answer) refusal() error {
	e := &Error{Status: a.status}
	if a.said.fault != nil {
		*e = *a.said.fault
		e.Status = a.status
	} else if text := head(a.prose); text != "" {
		e.Message = mask(text)
	}
	return e
}

// settled tells whether every answer has its reason to stop.
func (s *said) settled() bool {
	for _, c := range s.choices {
		if c.finish == "" {
			return false
		}
	}
	return len(s.choices) > 0
}
