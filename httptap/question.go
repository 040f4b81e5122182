package httptap

import (
	"io"
	"maps"
	"net/http"
	"sync"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

// question is what was seen of a request's body.
type question struct {
	length int64         // of the body, -1 = unknown
	ahead  bool          // it was read from a copy before the request is sent
	again  io.ReadCloser // another copy, to be sent

	mu    sync.Mutex
	limit int
	data  []byte
	whole bool // data is all of it
}

// question reads a copy of the body if the request can make one. Otherwise what is sent is looked at on its way, see teeBody.
func (t *tap) question(req *http.Request) *question {
	q := &question{limit: t.readLimit(), length: req.ContentLength}
	switch {
	case req.Body == nil || req.Body == http.NoBody:
		q.ahead, q.whole = true, true
	case req.GetBody != nil:
		t.safely(func() { q.readCopy(req) })
	}
	return q
}

func (q *question) readCopy(req *http.Request) {
	body, err := req.GetBody()
	if err != nil {
		return
	}
	q.ahead = true
	if size := req.ContentLength; size > 0 {
		q.data = make([]byte, 0, min(size+1, int64(q.limit)+1)) // one more, to see the end
	}
	q.data, err = readAll(q.data, io.LimitReader(body, int64(q.limit)+1))
	q.whole = err == nil && len(q.data) <= q.limit
	read := q.data
	q.data = read[:min(len(read), q.limit)]
	q.again = anotherCopy(req, read, body)
}

// readAll is io.ReadAll into a buffer that has its size already.
func readAll(b []byte, r io.Reader) ([]byte, error) {
	if cap(b) == 0 {
		return io.ReadAll(r)
	}
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

func (q *question) saw(p []byte, n int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p = p[:min(max(n, 0), len(p))] // some readers claim what cannot be
	room := q.limit - len(q.data)
	q.data = append(q.data, p[:min(len(p), room)]...)
	q.whole = len(p) <= room && err == io.EOF //nolint:errorlint // readers compare it so
}

// forget lets go of what was seen, and sees no more.
func (q *question) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.data, q.limit = nil, 0
}

func (q *question) sent() (data []byte, whole bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.data, q.whole
}

// ask reads what is asked of the model, as far as it is known.
func (t *tap) ask(w *wire.Wire, req *http.Request, q *question) types.LLMCall {
	var asked types.LLMCall
	data, whole := q.sent()
	t.safely(func() { asked = t.read(w, req, data, whole) })
	if asked.Provider = t.provider; asked.Provider == "" {
		asked.Provider = w.Provider(req.URL.Hostname())
	}
	return asked
}

// read takes facts from all that there is and content from its first bytes, as many as the limit allows.
func (t *tap) read(w *wire.Wire, req *http.Request, data []byte, whole bool) types.LLMCall {
	asked := w.Request(req.URL, data, whole)
	if len(data) > t.limit {
		var begins types.LLMCall
		if t.limit > 0 {
			begins = w.Request(req.URL, data[:t.limit], false)
		}
		asked.Prompt, asked.Messages, asked.ToolDefinitions = begins.Prompt, begins.Messages, begins.ToolDefinitions
		whole = false
	}
	asked.ToolDefinitions = withoutKeys(asked.ToolDefinitions)
	if !whole && len(data) > 0 && t.limit > 0 {
		asked.Metadata = with(asked.Metadata, "request_cut", true)
	}
	return asked
}

// with is a copy of m that has one member more.
func with(m map[string]any, key string, value any) map[string]any {
	more := make(map[string]any, len(m)+1)
	maps.Copy(more, m)
	more[key] = value
	return more
}
