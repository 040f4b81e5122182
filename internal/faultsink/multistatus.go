package faultsink

import "net/http"

// Result is what a 207 says of one id.
type Result struct {
	ID     string `json:"id"`
	Status int    `json:"status"`
	Code   string `json:"code,omitempty"`
}

// MultiStatus answers 207 with the status that is chosen for each event, i being its place in the batch, and commits those with 2xx. Status 0 leaves an event out.
// The hosted wire has no such reply.
func MultiStatus(status func(i int, e Event) int) Step {
	return Results(func(events []Event) (results []Result) {
		for i, e := range events {
			if s := status(i, e); s != 0 {
				results = append(results, Result{ID: e.ID, Status: s})
			}
		}
		return results
	})
}

// Results answers 207 with just these results: ids may be missing, unknown or there twice. Events with a 2xx result are committed.
func Results(of func(events []Event) []Result) Step {
	return func(x *Exchange) {
		if !x.usable() {
			return
		}
		results := of(x.content.events)
		done := map[string]bool{}
		for _, r := range results {
			done[r.ID] = done[r.ID] || r.Status/100 == 2
		}
		var kept []Event
		for _, e := range x.content.events {
			if done[e.ID] {
				kept = append(kept, e)
			}
		}
		x.Store(kept)
		x.ReplyJSON(http.StatusMultiStatus, map[string]any{"results": append([]Result{}, results...)})
	}
}
