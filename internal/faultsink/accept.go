package faultsink

import "net/http"

// Accept commits the batch and acknowledges it. A body that is no batch gets 400, another encoding or media type 415, and 409 a batch under an idempotency key
// that came with other events before. It is what a request gets that no rule speaks of.
func Accept(x *Exchange) {
	if x.usable() {
		accepted, duplicates := x.Store(x.content.events)
		x.ReplyJSON(http.StatusOK, acknowledgement{accepted, duplicates, []rejection{}})
	}
}

// ReadBody reads the request, and notes its events as seen.
func ReadBody(x *Exchange) { x.Events() }

// Commit stores the batch and does not answer; a body that is no batch is not stored.
func Commit(x *Exchange) {
	if x.Events(); x.refused == nil {
		x.Store(x.content.events)
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
func Reject(chosen func(Event) bool, code string, retry bool) Step {
	return func(x *Exchange) {
		if !x.usable() {
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
