package faultsink

import (
	"fmt"
	"maps"
	"slices"
)

// PeakPerSession is the largest number of requests of the hosted wire that were under way at once in one session. Requests whose body was not read do not count.
func (r Report) PeakPerSession() (peak int) {
	for _, q := range r.Requests {
		if q.Session != "" {
			peak = max(peak, 1+r.company(q))
		}
	}
	return peak
}

// Crowded returns the requests that came into a session while another one of it was under way.
func (r Report) Crowded() []Request {
	return slices.DeleteFunc(slices.Clone(r.Requests), func(q Request) bool { return r.company(q) == 0 })
}

// company is how many requests of its session were under way when this one was read. One that the client had given up does not count: the sink may learn of that
// a moment later than the next request.
func (r Report) company(q Request) (n int) {
	for _, beside := range q.Beside {
		if other := r.Requests[beside-1]; !other.Gone || other.Done.Sub(q.At) > crossing {
			n++
		}
	}
	return n
}

// Foreign names the headers of the batch protocol in requests of the hosted one, which knows neither idempotency nor compression.
func (r Report) Foreign() (found []string) {
	for _, request := range r.Requests {
		for _, header := range []string{"Idempotency-Key", "Content-Encoding"} {
			if wireOf(request.Path) == Hosted && request.Header.Get(header) != "" {
				found = append(found, fmt.Sprintf("%s in request %d", header, request.N))
			}
		}
	}
	return found
}

// Scattered returns the sessions, as the SDK names them, whose events, the beginning excepted, were stored in more than one session of the
// hosted server.
func (r Report) Scattered() []string {
	homes, scattered := map[string]string{}, map[string]bool{}
	for _, e := range r.Stored {
		if e.Hosted == "" || e.Type == "session_start" {
			continue
		}
		if home, known := homes[e.SessionID]; known && home != e.Hosted {
			scattered[e.SessionID] = true
		}
		homes[e.SessionID] = e.Hosted
	}
	return slices.Sorted(maps.Keys(scattered))
}
