// Package platformfault is what the platforms for tests (agentidptest, hiviumtest) share: requests that are counted, and that fail as a test wants.
package platformfault

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"
)

// Fault answers a request in the platform's place. next is the platform.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// Faults says what goes wrong with the nth request of an operation, such as "agents.list", counted from 1; nil = nothing. It is asked about one request at a time, and
// may use the platform.
type Faults func(operation string, n int) Fault

// Plan counts requests and knows which of them fail. Its zero value lets all pass. It is safe for concurrent use.
type Plan struct {
	turn sync.Mutex // held while faults decides; before mu

	mu     sync.Mutex
	faults Faults
	counts map[string]int
}

// Set makes requests fail from now on; nil ends that.
func (p *Plan) Set(f Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
}

// Count is how many requests of the operation there were.
func (p *Plan) Count(operation string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts[operation]
}

// Next counts a request and gives what goes wrong with it, nil for nothing.
func (p *Plan) Next(operation string) Fault {
	p.turn.Lock()
	defer p.turn.Unlock()
	faults, n := p.counted(operation)
	if faults == nil {
		return nil
	}
	return faults(operation, n)
}

func (p *Plan) counted(operation string) (Faults, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counts == nil {
		p.counts = map[string]int{}
	}
	p.counts[operation]++
	return p.faults, p.counts[operation]
}

// RetryAfter asks to wait, beside what the fault answers.
func RetryAfter(wait time.Duration, fault Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
		fault(w, r, next)
	}
}

// NoReply breaks the connection, and does nothing.
func NoReply() Fault {
	return func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }
}

// LostReply does what was asked for, and breaks the connection.
func LostReply() Fault {
	return func(_ http.ResponseWriter, r *http.Request, next http.Handler) {
		Record(next, r)
		panic(http.ErrAbortHandler)
	}
}

// CutReply does what was asked for, and sends half of the reply.
func CutReply() Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		reply := Record(next, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(max(2, reply.Body.Len())))
		w.WriteHeader(max(http.StatusOK, reply.Code))
		_, _ = w.Write(reply.Body.Bytes()[:reply.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Body does what was asked for, and answers 200 with something else.
func Body(contentType, body string) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		Record(next, r)
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	}
}

// Redirect sends the client elsewhere.
func Redirect(status int, url string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Location", url)
		w.WriteHeader(status)
	}
}

// Record gives what next answers.
func Record(next http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	next.ServeHTTP(w, r)
	return w
}
