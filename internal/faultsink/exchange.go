package faultsink

import (
	"fmt"
	"net/http"
	"time"
)

// Exchange is one request while it is answered. Rules and steps of a test's own use its methods; it belongs to one goroutine.
type Exchange struct {
	sink  *Sink
	http  *http.Request
	w     http.ResponseWriter
	noted *Request
	first time.Time // when the sink's first request came

	operation operation
	chosenID  string         // of the session that this request creates
	created   *hostedSession // by this request, once it is committed

	read    bool
	content content
	refused *refusal // what is wrong with the body
}

// N is the number of the request, from 1, in the order they came.
func (x *Exchange) N() int { return x.noted.N }

// Since is how long after the sink's first request this one came.
func (x *Exchange) Since() time.Duration { return x.noted.At.Sub(x.first) }

// Uptime is how long after New this request came.
func (x *Exchange) Uptime() time.Duration { return x.noted.At.Sub(x.sink.began) }

// Request is the request, to look at its header. Its body is read by Events.
func (x *Exchange) Request() *http.Request { return x.http }

// Events reads the body, if that was not done yet, and returns its events. There are none if the body is no batch; a request of
// the hosted wire is one event.
func (x *Exchange) Events() []Event {
	if x.read {
		return x.content.events
	}
	x.read = true
	x.content, x.refused = x.operation.read(x)
	x.note()
	return x.content.events
}

// Sizes reads the body and returns its length as it travelled and decoded, in bytes.
func (x *Exchange) Sizes() (wire, decoded int64) {
	x.Events()
	return x.content.wire, int64(len(x.content.decoded))
}

// Store commits these events of a batch, and returns how many were new and how many the sink had already.
func (x *Exchange) Store(events []Event) (accepted, duplicates int) {
	return x.sink.ledger.store(events)
}

// Sleep waits for d. It is false if the client or the server went away first; before the body is read, net/http does not tell of the client.
func (x *Exchange) Sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-x.http.Context().Done():
		return false
	}
}

// ReplyJSON answers with v as JSON.
func (x *Exchange) ReplyJSON(status int, v any) { writeJSON(x.w, status, v) }

// Abort ends the connection (HTTP/2: the stream) after what was written so far. It does not return.
func (x *Exchange) Abort() {
	_ = http.NewResponseController(x.w).Flush()
	panic(http.ErrAbortHandler)
}

func (x *Exchange) requestID() string { return fmt.Sprintf("req_%d", x.noted.N) }

// fail answers with an error in the form of the protocol that the request speaks.
func (x *Exchange) fail(status int, message string, limits *Limits) {
	writeError(x.w, wireOf(x.http.URL.Path), status, message, limits)
}

// usable reads the body and tells whether its events may be stored. If not, it has answered so: 400, 409 or 415.
func (x *Exchange) usable() bool {
	x.Events()
	if x.refused != nil {
		x.fail(x.refused.status, x.refused.message, nil)
	}
	return x.refused == nil
}

// refusal is what the protocol answers to a request that is wrong in itself.
type refusal struct {
	status  int
	message string
	cut     bool // the connection went away in the middle, as in an outage: nothing is wrong with the request
}

// replyWriter notes what is answered, and when.
type replyWriter struct {
	http.ResponseWriter
	x *Exchange
}

func (w *replyWriter) WriteHeader(status int) {
	w.x.sink.replied(w.x, status, w.Header())
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *replyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// replied notes the reply before the client can see it, so that what the client does next comes later.
func (s *Sink) replied(x *Exchange, status int, h http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.noted.Status, x.noted.Replied = status, time.Now()
	x.noted.RetryAfter = retryAfter(h, x.noted.Replied)
	if status == http.StatusOK {
		s.hosted.tell(x.created)
	}
}

// note keeps what the body held.
func (x *Exchange) note() {
	ids := make([]string, len(x.content.events))
	for i, e := range x.content.events {
		ids[i] = e.ID
	}
	x.sink.mu.Lock()
	x.noted.WireBytes, x.noted.IDs, x.noted.Session = x.content.wire, ids, x.content.session
	x.noted.Cut = x.refused != nil && x.refused.cut
	x.sink.hosted.entered(x.noted)
	x.sink.scanBody(x.noted.N, x.content.decoded)
	x.sink.mu.Unlock()
	if x.content.session != "" && !Creating(x) {
		x.sink.hosted.early(x.noted.N, x.content.events[0].Hosted)
	}
	switch {
	case x.refused != nil && x.refused.cut:
	case x.refused != nil:
		x.sink.ledger.malformed(x.noted.N, x.refused.message)
	case x.sink.ledger.saw(x.key(), x.content.events):
		x.refused = &refusal{status: http.StatusConflict, message: "this Idempotency-Key came with other events before"}
	}
}

// key is the request's Idempotency-Key, where the protocol has one.
func (x *Exchange) key() string {
	if wireOf(x.http.URL.Path) != Batch {
		return ""
	}
	return x.noted.Key()
}
