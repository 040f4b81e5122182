package main

import (
	"fmt"
	"time"
)

// result is one row of the table, and the JSON of it.
type result struct {
	Row               string            `json:"row"`
	Title             string            `json:"title"`
	Events            int               `json:"events"`
	Delivered         int               `json:"delivered"`
	StoredDuplicates  int               `json:"duplicates_stored"`
	Lost              int               `json:"lost"`
	Dropped           map[string]uint64 `json:"dropped"` // by reason, as the client counted
	Requests          int               `json:"requests"`
	RequestsInFault   int               `json:"requests_in_fault"`
	Twins             int               `json:"sessions_made_twice,omitempty"` // of the hosted wire
	EarlyRetries      int               `json:"early_retries"`
	Inversions        int               `json:"inversions"`
	ArrivalInversions int               `json:"arrival_inversions"`
	LongestTrackMS    float64           `json:"longest_track_ms"` // of a real clock: what else the machine does is in it
	CloseMS           float64           `json:"close_ms"`
	Met               bool              `json:"met"`
	Problems          []string          `json:"problems"`
	Peers             map[string]string `json:"peers"` // delivered/duplicated/lost

	row row
}

func newResult(r row, l load) *result {
	res := &result{Row: r.name, Title: r.title, Events: l.events, Dropped: map[string]uint64{}, Problems: []string{}, Peers: map[string]string{}, row: r}
	for i, figures := range r.peers {
		if figures != "" {
			res.Peers[peerNames[i]] = figures
		}
	}
	return res
}

// fill takes what was observed.
func (r *result) fill(o *observed) {
	r.Lost = len(o.report.Lost(o.ids))
	r.Delivered, r.StoredDuplicates = len(o.ids)-r.Lost, o.report.StoredDuplicates()
	for reason, n := range o.stats.Dropped {
		r.Dropped[string(reason)] = n
	}
	r.Requests, r.RequestsInFault = int(o.stats.Requests), o.met
	r.EarlyRetries, r.Inversions, r.ArrivalInversions = len(o.report.EarlyRetries()), len(o.report.Inversions()), len(o.report.ArrivalInversions())
	r.Twins = o.report.Twins
	r.LongestTrackMS, r.CloseMS = milliseconds(o.longest), milliseconds(o.closing)
}

// figures are delivered/duplicated/lost.
func (r *result) figures() string {
	return fmt.Sprintf("%d/%d/%d", r.Delivered, r.StoredDuplicates, r.Lost)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
