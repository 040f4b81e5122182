package httptap

import (
	"context"
	"hash/maphash"
	"net/http"
	"net/url"
	"strconv"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/internal/attach"
)

// callKey is what the attempts of a call have in common.
type callKey struct {
	session, event string // where it belongs
	host, path     string
	body           uint64 // hash of what was read of it
	length         int64  // of all of it, if that is known
	known          bool   // the body was known before it was sent
}

var seed = maphash.MakeSeed()

func (t *tap) keyOf(ctx context.Context, u *url.URL, q *question) callKey {
	if !q.ahead {
		return callKey{}
	}
	return callKey{
		session: sentrial.SessionFromContext(ctx).ID(), event: attach.PlaceIn(t.client, ctx).Event,
		host: u.Host, path: u.Path, body: maphash.Bytes(seed, q.data), length: max(q.length, int64(len(q.data))), known: true,
	}
}

// likeliest chooses among equal calls, which several goroutines may make at once. Unless the request says which attempt it is, all there is to go by is that who
// tries again does so in the goroutine that tried before.
func likeliest(calls []*call, req *http.Request) (found *call) {
	retry, told := retryCount(req.Header)
	sender, done, best := adapter.Goroutine(), req.Context().Done(), -1
	for _, c := range calls {
		first, same := told && retry == 0, c.sender == sender
		if first && !c.redirected || !told && !same || c.recording.Load() { // the last: a hook of its own asks
			continue
		}
		if score := 4*count(same) + 2*count(c.tries == retry) + count(c.done == done); score > best {
			best, found = score, c
		}
	}
	return found
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// retryCount is what the clients that Stainless generates say of an attempt: 0 is the first one.
func retryCount(h http.Header) (n int, told bool) {
	text := h.Get("X-Stainless-Retry-Count")
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}
