package faultsink

import (
	"net/http"
	"sync"
	"time"
)

// Gate stands before a transport and lets requests pass, or fail as if the server could not be reached. It works in a synctest bubble, where ports cannot be closed.
type Gate struct {
	next http.RoundTripper

	mu       sync.Mutex
	err      error
	attempts []time.Time
}

// NewGate makes a gate that is open.
func NewGate(next http.RoundTripper) *Gate { return &Gate{next: next} }

// Shut makes requests fail with err from now on, such as syscall.ECONNREFUSED or a *net.DNSError.
func (g *Gate) Shut(err error) { g.set(err) }

// Open lets requests pass again.
func (g *Gate) Open() { g.set(nil) }

func (g *Gate) set(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
}

// Attempts returns the times of the requests that failed here.
func (g *Gate) Attempts() []time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]time.Time(nil), g.attempts...)
}

// RoundTrip is part of http.RoundTripper.
func (g *Gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := g.fails(); err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	return g.next.RoundTrip(r)
}

func (g *Gate) fails() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil {
		g.attempts = append(g.attempts, time.Now())
	}
	return g.err
}
