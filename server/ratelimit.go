package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

const (
	rateWindow  = 60 // seconds
	keyedRate   = 60_000
	keylessRate = 600_000
	// mostCounted bounds the callers of one minute that are counted apart, of each kind. Those beyond share one count.
	mostCounted = 1 << 14
)

// limiter counts requests in minutes of the clock.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex
	window int64                     // minutes since 1970
	counts [rateKinds]map[string]int // requests of this window
}

// rateKind keeps callers apart, so that no kind takes the places of another: anybody can have many addresses.
type rateKind int

const (
	rateOfKey rateKind = iota
	rateOfProject
	rateOfAddress
	rateKinds
)

// rate is where a request stands.
type rate struct {
	limit     int
	remaining int
	over      bool
	reset     int64 // Unix seconds
	wait      int   // seconds until then
}

// take counts a request of who.
func (l *limiter) take(kind rateKind, who string, limit int) rate {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().Unix()
	if w := now / rateWindow; w != l.window || l.counts[kind] == nil {
		l.begin(w)
	}
	counts, who := l.counts[kind], l.account(kind, who)
	reset := (l.window + 1) * rateWindow
	got := rate{limit: limit, reset: reset, wait: int(reset - now), over: counts[who] >= limit}
	if !got.over {
		counts[who]++
	}
	got.remaining = max(limit-counts[who], 0)
	return got
}

// over tells whether the next request of who is one too many.
func (l *limiter) over(kind rateKind, who string, limit int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now().Unix()/rateWindow == l.window && l.counts[kind][l.account(kind, who)] >= limit
}

// account is under which name a caller is counted: there are not more than so many.
func (l *limiter) account(kind rateKind, who string) string {
	if _, counted := l.counts[kind][who]; !counted && len(l.counts[kind]) >= mostCounted {
		return "" // nobody's name
	}
	return who
}

func (l *limiter) begin(window int64) {
	l.window = window
	for kind := range l.counts {
		l.counts[kind] = make(map[string]int)
	}
}

// show tells the caller where it stands.
func (r rate) show(h http.Header) {
	h.Set("X-Ratelimit-Limit", strconv.Itoa(r.limit))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(r.remaining))
	h.Set("X-Ratelimit-Reset", strconv.FormatInt(r.reset, 10))
}

// pace counts a request and tells where its caller stands, in every reply.
func (s *Server) pace(w http.ResponseWriter, r *http.Request, c *caller) error {
	kind, who := rateOf(r, c)
	got := s.limiter.take(kind, who, s.rateOf(c))
	got.show(w.Header())
	if got.over && !isHealth(r) {
		return rateLimited(got.limit, got.wait)
	}
	return nil
}

// spent reports whether the address of a request asked too often already without a key: what is new in its requests is not looked into.
func (s *Server) spent(r *http.Request) bool {
	nobody := &caller{}
	kind, who := rateOf(r, nobody)
	return s.limiter.over(kind, who, s.rateOf(nobody))
}

// isHealth reports whether a request asks how the server is. It is always answered: behind a proxy everybody without a key has one address, and
// must not make the server look ill.
func isHealth(r *http.Request) bool { return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" }

// rateOf returns on whose account a request goes: its key's, without keys its project's, else that of the address it came from.
func rateOf(r *http.Request, c *caller) (rateKind, string) {
	if c.key != nil {
		return rateOfKey, c.key.ID
	}
	if project, err := projectNamed(r); c.trusted && err == nil {
		return rateOfProject, project
	}
	return rateOfAddress, network(remoteOf(r))
}

// network is what one client has of addresses: of IPv6 a whole /64.
func network(ip netip.Addr) string {
	if ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}

func (s *Server) rateOf(c *caller) int {
	switch {
	case s.rateLimit > 0:
		return s.rateLimit
	case c.keyless:
		return keylessRate
	}
	return keyedRate
}

func checkRateLimit(n int) error {
	if n < 0 {
		return fmt.Errorf("rate limit %d: expected requests a minute, 0 for the default", n)
	}
	return nil
}
