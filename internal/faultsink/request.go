package faultsink

import (
	"net/http"
	"time"
)

// Request is what the sink noted of one POST /v1/events, or one request of the hosted wire.
type Request struct {
	N          int           // counts from 1
	At         time.Time     // when its header had been read
	Replied    time.Time     // when the reply's header was about to be written; zero if there was none
	Done       time.Time     // when the step had ended; zero while it runs
	Status     int           // of the reply, 0 if there was none
	RetryAfter time.Duration // that the reply's Retry-After asked for, 0 if it did not
	Method     string
	Path       string
	Header     http.Header
	Proto      string // HTTP/1.1 or HTTP/2.0
	RemoteAddr string
	InFlight   int      // requests under way when it came, itself included
	WireBytes  int64    // length of the body as it travelled, 0 if it was not read
	IDs        []string // of the events in the body, nil if it was not read
	Session    string   // of the hosted wire: that the request is about, as the SDK names it; "" if the body was not read
	Beside     []int    // of the hosted wire: numbers of the requests of that session that were under way when this one was read
	Cut        bool     // the body broke off in the middle
	Gone       bool     // the client, or the server, had gone away when the step ended
}

// Key is the request's Idempotency-Key.
func (r Request) Key() string { return r.Header.Get("Idempotency-Key") }
