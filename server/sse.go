package server

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

const (
	sseTimeout = 10 * time.Second // for a client to take a piece
	ssePiece   = 32 << 10
)

// sseWriter writes server-sent events. A client that does not take a piece within the time-out gets no more: the connection is broken.
type sseWriter struct {
	w    http.ResponseWriter
	rc   *http.ResponseController
	buf  bytes.Buffer
	last time.Time // of the last byte
	told int64     // the last id, -1 = none
}

func newSSEWriter(w http.ResponseWriter) *sseWriter {
	return &sseWriter{w: w, rc: http.NewResponseController(w), told: -1}
}

func streamHeader(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for more
	w.WriteHeader(http.StatusOK)
}

// begin sends the header and the position where the stream begins, so that even a client that saw no message can resume there.
func (s *sseWriter) begin(position int64) error {
	streamHeader(s.w)
	return s.comment(position)
}

// comment tells that the stream is there, and how far it is.
func (s *sseWriter) comment(position int64) error {
	s.buf.WriteString(":\n")
	if position != s.told {
		s.id(position)
	}
	s.buf.WriteByte('\n')
	return s.flush()
}

// message appends a message. Line breaks in data, which JSON has between values only, become several lines of data.
func (s *sseWriter) message(event string, id int64, data []byte) error {
	s.buf.WriteString("event: " + event + "\n")
	s.id(id)
	for line := range bytes.FieldsFuncSeq(data, func(r rune) bool { return r == '\n' || r == '\r' }) {
		s.buf.WriteString("data: ")
		s.buf.Write(line)
		s.buf.WriteByte('\n')
	}
	s.buf.WriteByte('\n')
	if s.buf.Len() < ssePiece {
		return nil
	}
	return s.flush()
}

func (s *sseWriter) id(id int64) {
	s.told = id
	s.buf.WriteString("id: " + strconv.FormatInt(id, 10) + "\n")
}

// flush sends what was written, piece by piece: a big message to a slow client takes as long as it takes, as long as it is taken.
func (s *sseWriter) flush() error {
	for s.buf.Len() > 0 {
		_ = s.rc.SetWriteDeadline(time.Now().Add(sseTimeout)) // not every writer has one
		if _, err := s.w.Write(s.buf.Next(ssePiece)); err != nil {
			return err
		}
		if err := s.rc.Flush(); err != nil {
			return err
		}
		s.last = time.Now()
	}
	s.buf.Reset()
	return nil
}

// end leaves time for the end of the reply.
func (s *sseWriter) end() { _ = s.rc.SetWriteDeadline(time.Now().Add(sseTimeout)) }
