package fakellm

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// format is how a stream is framed.
type format int

const (
	sse     format = iota // data: and an empty line
	sseCRLF               // the same with CRLF, as Google has it
	ndjson                // a line each
)

// frame is what is written at a time. piece marks what brings a part of the answer: text, reasoning or arguments.
type frame struct {
	data  []byte
	piece bool
}

// stream gathers the frames of a reply.
type stream struct {
	format format
	frames []frame
}

// event adds a frame that carries no part of the answer. name is the event's, "" = none.
func (s *stream) event(name string, value any) { s.add(name, encode(value), false) }

// piece adds one that does.
func (s *stream) piece(name string, value any) { s.add(name, encode(value), true) }

func (s *stream) add(name string, data []byte, piece bool) {
	end := "\n"
	if s.format == sseCRLF {
		end = "\r\n"
	}
	var b []byte
	if name != "" {
		b = append(b, "event: "+name+end...)
	}
	if s.format != ndjson {
		b = append(b, "data: "...)
	}
	b = append(append(b, data...), end...)
	if s.format != ndjson {
		b = append(b, end...)
	}
	s.frames = append(s.frames, frame{b, piece})
}

func (f format) contentType() string {
	if f == ndjson {
		return "application/x-ndjson"
	}
	return "text/event-stream; charset=utf-8"
}

// play sends the frames. After the first piece come the gate and the faults; an answer without any has them after its first frame.
func (e *exchange) play(w http.ResponseWriter, r *http.Request) {
	s := &stream{format: e.wire.format}
	e.wire.stream(e, s)
	w.Header().Set("Content-Type", s.format.contentType())
	w.Header().Set("Cache-Control", "no-cache")
	first := max(0, slices.IndexFunc(s.frames, func(f frame) bool { return f.piece })) + 1
	for _, f := range s.frames[:first] {
		send(w, f.data)
	}
	s.frames = s.frames[first:]
	e.afterFirst(w, r, s)
}

// afterFirst goes on after the first piece, or not.
func (e *exchange) afterFirst(w http.ResponseWriter, r *http.Request, s *stream) {
	if e.Cut {
		panic(http.ErrAbortHandler) // net/http's way to end a connection
	}
	if e.Error != "" {
		s.frames = nil
		e.wire.broken(e, s)
	} else if !e.wait(r.Context()) {
		return
	}
	for _, f := range s.frames {
		send(w, f.data)
	}
}

// wait waits for the gate; false means that the client is gone.
func (e *exchange) wait(ctx context.Context) bool {
	gate := e.Gate
	if e.Hang {
		gate = make(chan struct{})
	}
	if gate == nil {
		return true
	}
	select {
	case <-gate:
		return true
	case <-ctx.Done():
		return false
	}
}

// send writes a frame at once. One that has a character of several bytes goes out in two writes that meet inside of it: a network may do that at any time.
func send(w http.ResponseWriter, data []byte) {
	if at := insideCharacter(data); at > 0 {
		_, _ = w.Write(data[:at])
		flush(w)
		data = data[at:]
	}
	_, _ = w.Write(data)
	flush(w)
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// insideCharacter is where the first character of several bytes may be cut; 0 = there is none.
func insideCharacter(data []byte) int {
	for i, b := range data {
		if b >= utf8.RuneSelf {
			return i + 1
		}
	}
	return 0
}

// pieces cuts a text into n pieces of whole characters, fewer if it has fewer; n = 0 cuts before every word.
func pieces(text string, n int) []string {
	if text == "" {
		return nil
	}
	if n == 0 {
		return words(text)
	}
	runes := []rune(text)
	n = min(n, len(runes))
	cut := make([]string, n)
	for i := range cut {
		cut[i] = string(runes[i*len(runes)/n : (i+1)*len(runes)/n])
	}
	return cut
}

// words cuts before the spaces between words, as tokens often are.
func words(text string) (cut []string) {
	for {
		at := strings.IndexByte(text[1:], ' ')
		if at < 0 {
			return append(cut, text)
		}
		cut, text = append(cut, text[:at+1]), text[at+1:]
	}
}
