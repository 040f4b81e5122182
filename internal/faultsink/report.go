package faultsink

import (
	"maps"
	"slices"
	"time"
)

// Report is what a sink saw until Report was called.
type Report struct {
	Requests []Request // POST /v1/events and the requests of the hosted wire, in the order they came
	Visits   []Visit   // these and all others
	Strays   []string  // "METHOD PATH" of requests that the protocol does not have
	Stored   []Event   // rows, in the order they came; with a final event in the place of its running copy

	Received   int      // events in all bodies that were read
	Resent     int      // of these, those that had been read before, whatever became of them then
	Duplicates int      // events that were to be stored and had been already
	Changed    []string // ids of events whose bytes differed between two sendings
	Conflicts  []string // idempotency keys that came with other events than before
	Malformed  []string // what was wrong with requests that could not be read
	Secrets    []Leak   // where a watched text was seen, headers other than Authorization included
	Redirected []Caught // requests that followed a redirect

	Sessions  int      // made on the hosted wire
	Twins     int      // of these, those that the SDK had created before, as it had not seen the reply
	Premature []string // requests for a session whose id no reply had told

	began time.Time
}

// Report takes a snapshot.
func (s *Sink) Report() Report {
	r := Report{Requests: s.Requests(), began: s.began}
	s.ledger.report(&r)
	s.hosted.report(&r)
	s.leaks.mu.Lock()
	r.Redirected = slices.Clone(s.leaks.requests)
	s.leaks.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Visits, r.Strays, r.Secrets = slices.Clone(s.visits), slices.Clone(s.strays), slices.Clone(s.secrets)
	return r
}

func (l *ledger) report(r *Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Stored = slices.Clone(l.rows)
	r.Received, r.Resent, r.Duplicates = l.received, l.received-len(l.seen), l.duplicates
	r.Changed, r.Conflicts, r.Malformed = slices.Clone(l.changed), slices.Clone(l.reused), slices.Clone(l.broken)
}

// Unique is the number of ids that were stored.
func (r Report) Unique() int { return len(r.ids()) }

// StoredDuplicates is the number of rows whose id has an earlier one: 0 but for a sink that keeps duplicates, and for the
// hosted wire, on which whatever comes twice is stored twice.
func (r Report) StoredDuplicates() int { return len(r.Stored) - r.Unique() }

// Lost returns those of the ids that were not stored.
func (r Report) Lost(ids []string) (lost []string) {
	stored := r.ids()
	for _, id := range ids {
		if !stored[id] {
			lost = append(lost, id)
		}
	}
	return lost
}

// Unknown returns the ids of stored events that are none of these. The beginning, updates and end of a session do not count: programs are not told their ids.
func (r Report) Unknown(ids []string) []string {
	unknown := map[string]bool{}
	for _, e := range r.Stored {
		if !lifecycle[e.Type] {
			unknown[e.ID] = true
		}
	}
	for _, id := range ids {
		delete(unknown, id)
	}
	return slices.Sorted(maps.Keys(unknown))
}

var lifecycle = map[string]bool{"session_start": true, "session_update": true, "session_end": true}

// Event returns the stored event of that id.
func (r Report) Event(id string) (Event, bool) {
	i := slices.IndexFunc(r.Stored, func(e Event) bool { return e.ID == id })
	if i < 0 {
		return Event{}, false
	}
	return r.Stored[i], true
}

// Within returns the requests that came from..to after the first one.
func (r Report) Within(from, to time.Duration) []Request {
	if len(r.Requests) == 0 {
		return nil
	}
	return between(r.Requests, r.Requests[0].At, from, to)
}

// WithinUptime returns the requests that came from..to after New.
func (r Report) WithinUptime(from, to time.Duration) []Request {
	return between(r.Requests, r.began, from, to)
}

func between(requests []Request, zero time.Time, from, to time.Duration) (chosen []Request) {
	for _, request := range requests {
		if since := request.At.Sub(zero); from <= since && since < to {
			chosen = append(chosen, request)
		}
	}
	return chosen
}

// PeakInFlight is the largest number of requests that were under way at once.
func (r Report) PeakInFlight() (peak int) {
	for _, request := range r.Requests {
		peak = max(peak, request.InFlight)
	}
	return peak
}

func (r Report) ids() map[string]bool {
	ids := make(map[string]bool, len(r.Stored))
	for _, e := range r.Stored {
		ids[e.ID] = true
	}
	return ids
}
