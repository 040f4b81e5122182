package hivium

import (
	"net/http"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// learn takes over what a reply says of the limit, which other processes with the same key use up too.
func (p *pacer) learn(now time.Time, status int, h http.Header) {
	limit, ok := count(h, "X-RateLimit-Limit")
	if ok && limit > 0 {
		p.told = limit
	}
	if remaining, known := count(h, "X-RateLimit-Remaining"); ok && known {
		p.add(now, limit-remaining-p.flying-len(p.past)) // requests of others, as if they came now
	}
	if wait, ok := httpx.RateLimitWait(h, now); ok {
		p.hold(now.Add(wait))
	}
	if wait, ok := httpx.RetryAfter(h, now); ok && status == http.StatusTooManyRequests {
		p.hold(now.Add(wait))
	}
}

// hold lets nothing be sent before.
func (p *pacer) hold(until time.Time) {
	if until.After(p.until) {
		p.until = until
	}
}

func count(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(h.Get(name))
	return n, err == nil && n >= 0 && n <= mostTold
}

// pacedTransport tells the pacer of every request that ends.
type pacedTransport struct {
	next http.RoundTripper
	pace *pacer
}

// paced is a copy of h whose requests the pacer hears of. nil is a client of its own.
func paced(h *http.Client, p *pacer) *http.Client {
	own := http.Client{Transport: httpx.NewTransport()}
	if h != nil {
		own = *h
	}
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = &pacedTransport{own.Transport, p}
	return &own
}

func (t *pacedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := t.next.RoundTrip(r)
	if err != nil {
		t.pace.done(time.Now(), 0, nil)
		return reply, err
	}
	t.pace.done(time.Now(), reply.StatusCode, reply.Header)
	return reply, nil
}

// CloseIdleConnections is what http.Client looks for.
func (t *pacedTransport) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
