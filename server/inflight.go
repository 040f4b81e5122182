package server

import (
	"io"
	"net/http"

	"github.com/sentrial/sentrial-go/server/store"
)

// standardBodyBytes is the default of [Config].BodyBytes.
const standardBodyBytes = 256 << 20

// hold counts n bytes of a request's body until the request is answered; it fails when all requests together hold more than they may.
func (s *Server) hold(r *http.Request, n int) error {
	exchangeOf(r).held += int64(n)
	if s.inflight.Add(int64(n)) > s.bodyBytes {
		return unavailable("too many bodies are being read, send the events again", store.ErrBusy)
	}
	return nil
}

// letGo gives back what a request held.
func (s *Server) letGo(e *exchange) { s.inflight.Add(-e.held) }

// heldReader holds what it reads.
type heldReader struct {
	from io.Reader
	hold func(n int) error
}

func (h *heldReader) Read(p []byte) (int, error) {
	n, err := h.from.Read(p)
	if n > 0 {
		if busy := h.hold(n); busy != nil {
			return 0, busy
		}
	}
	return n, err
}
