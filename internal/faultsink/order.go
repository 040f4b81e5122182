package faultsink

import (
	"cmp"
	"maps"
	"slices"
)

// Inversions returns the events that stand behind one of a higher or the same seq, of the same session and client, in the lists that a server shows: by
// timestamp, then client, then seq. Events without a seq do not count.
func (r Report) Inversions() []Event {
	return r.inversions(func(session []Event) {
		slices.SortStableFunc(session, func(a, b Event) int {
			return cmp.Or(a.Timestamp.Compare(b.Timestamp), cmp.Compare(a.Client, b.Client), cmp.Compare(a.Seq, b.Seq))
		})
	})
}

// ArrivalInversions is Inversions in the order of storing.
func (r Report) ArrivalInversions() []Event { return r.inversions(func([]Event) {}) }

func (r Report) inversions(sort func(session []Event)) (found []Event) {
	sessions := map[string][]Event{}
	for _, e := range r.Stored {
		sessions[e.SessionID] = append(sessions[e.SessionID], e)
	}
	for _, id := range slices.Sorted(maps.Keys(sessions)) {
		sort(sessions[id])
		found = append(found, fallen(sessions[id])...)
	}
	return found
}

// fallen returns the events of one session whose seq is not above all before it of the same client.
func fallen(session []Event) (found []Event) {
	highest := map[string]int64{}
	for _, e := range session {
		if e.Seq == 0 {
			continue
		}
		if e.Seq <= highest[e.Client] {
			found = append(found, e)
		}
		highest[e.Client] = max(highest[e.Client], e.Seq)
	}
	return found
}
