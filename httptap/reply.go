package httptap

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// reply is what was seen of a reply. It is guarded by its call's mutex.
type reply struct {
	status   int
	id       string // of the request, as the provider names it
	encoding string // of a body that nobody here can read
	length   int64  // of the body, -1 = unknown
	seen     int64
	answer   answer  // nil: the body is not read
	packed   *packed // the body is compressed
	begun    bool
	broken   bool // reading it panicked
}

// learn takes what stands before the body.
func (r *reply) learn(res *http.Response) {
	r.status, r.length = res.StatusCode, res.ContentLength
	r.id = cmp.Or(res.Header.Get("X-Request-Id"), res.Header.Get("Request-Id"), res.Header.Get("Apim-Request-Id"))
}

// open makes ready for the body.
func (r *reply) open(a *attempt, res *http.Response) {
	t := a.call.tap
	encoding := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding")))
	if res.Uncompressed || encoding == "identity" {
		encoding = ""
	}
	if encoding != "" {
		if r.packed = newPacked(encoding, t.readLimit()); r.packed == nil {
			r.encoding = encoding
			return
		}
	}
	a.guard(func() { r.answer = t.answer(a.wire, r.status, res.Header.Get("Content-Type"), t.limit) })
}

// saw takes what a Read of the body gave.
func (a *attempt) saw(p []byte, n int, err error) {
	c := a.call
	if !c.enter() {
		return
	}
	defer c.mu.Unlock()
	if a.over {
		return
	}
	ended := false
	a.guard(func() { a.read(p[:n]); ended = a.reply.ended() })
	switch {
	case ended, err == io.EOF: //nolint:errorlint // readers compare it so
		a.guard(func() { a.finish(complete, nil) })
	case err == nil:
	case !a.closing.Load(): // else Close tells
		a.guard(func() { a.finish(failed, err) })
	}
}

func (a *attempt) read(p []byte) {
	r := &a.reply
	r.seen += int64(len(p))
	switch {
	case r.answer == nil || len(p) == 0:
	case r.packed != nil:
		r.packed.keep(p)
	default:
		_, _ = r.answer.Write(p)
		if !r.begun && r.answer.Begun() {
			r.begun = true
			a.call.llm.FirstToken()
		}
	}
}

func (r *reply) ended() bool { return r.answer != nil && r.packed == nil && r.answer.Ended() }

// closed is called after the body's Close.
func (a *attempt) closed() {
	c := a.call
	if !c.enter() {
		return
	}
	defer c.mu.Unlock()
	how := left
	if a.reply.length >= 0 && a.reply.seen >= a.reply.length {
		how = complete
	}
	a.guard(func() { a.finish(how, nil) })
}

// guard keeps a mistake in reading from the agent: the rest of the reply is not read.
func (a *attempt) guard(do func()) {
	defer func() {
		if v := recover(); v != nil {
			a.reply.answer, a.reply.packed, a.reply.broken = nil, nil, true
			a.call.tap.panicked(v)
		}
	}()
	do()
}

var errUnheard = errors.New("httptap: the end of the reply is not known")

// said puts what the reply said into out, and tells what is wrong with it.
func (r *reply) said(a *attempt, how ending, out *types.LLMCall) (err error) {
	switch {
	case r.answer != nil:
	case how == left && !r.broken:
		return errUnheard
	default:
		return nil
	}
	a.guard(func() {
		if r.packed != nil {
			r.packed.unpack(r.answer)
		}
		err = r.answer.Finish(out)
	})
	if r.packed != nil && r.packed.cut {
		out.Metadata, err = with(out.Metadata, "reply_cut", true), nil
	}
	return err
}
