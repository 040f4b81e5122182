package httptap

import (
	"context"
	"net/http"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
)

// mark is in the context of a request that is being recorded, for the next tap that it passes, which leaves it alone and marks it anew. More than one request there
// are more attempts, of a transport in between that tries again by itself.
type mark struct {
	call   *call
	wire   string
	length int64
	seen   int // guarded by call.mu
}

type markKey struct{}

func marked(ctx context.Context, c *call, w *wire.Wire, req *http.Request) context.Context {
	return context.WithValue(ctx, markKey{}, &mark{call: c, wire: w.Name(), length: req.ContentLength})
}

func (t *tap) markIn(ctx context.Context) *mark {
	m, _ := ctx.Value(markKey{}).(*mark)
	if m == nil || m.call.tap.client != t.client {
		return nil
	}
	return m
}

// is tells whether the request is the marked one, and not that of something that asks a model on its own account on the way.
func (m *mark) is(w *wire.Wire, req *http.Request) bool {
	return m != nil && m.wire == w.Name() && m.length == req.ContentLength
}

func (m *mark) passed() {
	if !m.call.enter() {
		return
	}
	defer m.call.mu.Unlock()
	if m.seen++; m.seen > 1 {
		m.call.attempts++
	}
}
