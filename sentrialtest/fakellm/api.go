package fakellm

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Notice is in the header X-Fakellm of every reply.
const Notice = "no model: github.com/sentrial/sentrial-go/sentrialtest/fakellm made this up"

const (
	maxBody  = 64 << 20 // of a request
	maxKept  = 1000     // requests that Requests gives
	maxTimes = 100_000  // bodies whose attempts are counted
)

// API speaks the wires. It is safe for concurrent use.
type API struct {
	brain Brain

	mu       sync.Mutex
	number   int                       // requests so far
	times    map[[sha256.Size]byte]int // how often a body came
	requests []Request
}

var _ http.Handler = (*API)(nil)

// Handler speaks all the wires, each at its own paths, behind any base path.
func Handler(brain Brain) *API {
	return &API{brain: brain, times: map[[sha256.Size]byte]int{}}
}

// Requests gives what was asked so far, in order; of more than 1000 the last ones.
func (a *API) Requests() []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

// ServeHTTP answers as the provider would whose path was asked.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Fakellm", Notice)
	if page := fixedPage(r); page != nil {
		writeJSON(w, http.StatusOK, page())
		return
	}
	wire := find(r)
	if wire == nil {
		a.unknown(w, r)
		return
	}
	a.answer(w, r, wire)
}

func (a *API) unknown(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		_, _ = io.WriteString(w, Notice+"\n")
		return
	}
	family := familyOf(r)
	writeJSON(w, http.StatusNotFound, family.fail(http.StatusNotFound, "unknown path "+r.Method+" "+r.URL.Path, a.next()))
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, wire *wire) {
	req, err := wire.request(r)
	call := &exchange{wire: wire, Request: req, created: time.Now()}
	if err == nil {
		call.Attempt = 1
		call.number = a.note(&call.Request)
		call.Reply = a.brain(call.Request)
	} else {
		call.number = a.next()
		call.Reply = Reply{Status: http.StatusBadRequest, Error: err.Error()}
	}
	call.complete()
	call.send(w, r)
}

func (a *API) next() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.number++
	return a.number
}

// note counts the request and keeps it.
func (a *API) note(req *Request) int {
	key := sha256.Sum256(bytes.Join([][]byte{[]byte(req.Path), req.Body}, []byte{0}))
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.times) >= maxTimes {
		clear(a.times)
	}
	a.number++
	a.times[key]++
	req.Attempt = a.times[key]
	if a.requests = append(a.requests, *req); len(a.requests) > maxKept {
		a.requests = slices.Delete(a.requests, 0, 1)
	}
	return a.number
}

var errTooLong = errors.New("the request is longer than 64 MiB")

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = errTooLong
	}
	return body, err
}
