package faultsink

import "net/http"

// Accept commits the batch and acknowledges it. A body that is no batch gets 400, another encoding or media type 415, and 409 a batch under an idempotency key
// that came with other events before. On the hosted wire it stores what the request brings, and answers 400 to what it cannot read and 404 for a session that it does not
// know. It is what a request gets that no rule speaks of.
func Accept(x *Exchange) {
	if x.usable() {
		x.ReplyJSON(x.operation.commit(x))
	}
}

// ReadBody reads the request, and notes its events as seen.
func ReadBody(x *Exchange) { x.Events() }

// Commit stores the batch and does not answer; a body that is no batch is not stored.
func Commit(x *Exchange) {
	if x.Events(); x.refused == nil {
		x.operation.commit(x)
	}
}

// CommitThen stores the batch before the step, which knows nothing of it: CommitThen(Reset) is a lost reply.
func CommitThen(step Step) Step { return Then(Commit, step) }

type acknowledgement struct {
	Accepted   int         `json:"accepted"`
	Duplicates int         `json:"duplicates"`
	Rejected   []rejection `json:"rejected"`
}

type rejection struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   bool   `json:"retry"`
}

// Reject commits the batch but for the events that are chosen, which its reply lists as rejected: for good, or to be sent again (retry).
// The hosted wire says so by status: 400, or 503.
func Reject(chosen func(Event) bool, code string, retry bool) Step {
	return func(x *Exchange) {
		if !x.usable() {
			return
		}
		if wireOf(x.http.URL.Path) == Hosted {
			x.rejectHosted(chosen, code, retry)
			return
		}
		var kept []Event
		rejected := []rejection{}
		for _, e := range x.content.events {
			if chosen(e) {
				rejected = append(rejected, rejection{e.ID, code, "the plan rejects this event", retry})
			} else {
				kept = append(kept, e)
			}
		}
		accepted, duplicates := x.Store(kept)
		x.ReplyJSON(http.StatusOK, acknowledgement{accepted, duplicates, rejected})
	}
}

func (x *Exchange) rejectHosted(chosen func(Event) bool, code string, retry bool) {
	if !chosen(x.content.events[0]) {
		Accept(x)
		return
	}
	status := http.StatusBadRequest
	if retry {
		status = http.StatusServiceUnavailable
	}
	x.ReplyJSON(status, map[string]string{"error": code, "message": "the plan rejects this event"})
}
