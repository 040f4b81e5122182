package server

import (
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	standardRollups = 1000
	mostRollups     = 10_000
)

var (
	rollupParams    = []string{"by", "interval", "since", "until", "value", "limit", "cursor"}
	rollupFacets    = []store.Facet{store.FacetModel, store.FacetAgent, store.FacetTool, store.FacetType}
	rollupIntervals = []string{"hour", "day"}
)

// rollupBody is the JSON of a value's sums in an hour or a day.
type rollupBody struct {
	Start    time.Time   `json:"start"`
	By       store.Facet `json:"by"`
	Value    string      `json:"value"` // "" = the events do not say
	Sessions int64       `json:"sessions,omitempty"`
	sumBody
	P50 *float64 `json:"p50_ms,omitempty"` // absent = nothing had a duration
	P95 *float64 `json:"p95_ms,omitempty"`
}

type rollupListBody struct {
	Data       []rollupBody `json:"data"`
	NextCursor string       `json:"next_cursor,omitempty"`
}

// listRollups answers with sums by the hour or the day, oldest first.
func (s *Server) listRollups(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	p, err := readParams(r, rollupParams)
	if err != nil {
		return err
	}
	q, err := s.rollupQuery(p)
	if err != nil {
		return err
	}
	list := p.list("rollups", project, rollupParams)
	after, err := parseCursor(p.text("cursor"), list)
	if err != nil {
		return err
	}
	q.After = after.rollupKey()
	page, err := s.store.Rollups(r.Context(), project, q)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newRollupList(q.By, page, list))
	return nil
}

func newRollupList(by store.Facet, page store.RollupPage, list string) rollupListBody {
	reply := rollupListBody{Data: make([]rollupBody, 0, len(page.Rollups)), NextCursor: rollupCursor(list, page.Next)}
	for i := range page.Rollups {
		u := &page.Rollups[i]
		reply.Data = append(reply.Data, rollupBody{
			Start: u.Start, By: by, Value: u.Value, Sessions: u.Sessions, sumBody: newSumBody(&u.Counters), P50: millisOf(u.Median), P95: millisOf(u.P95),
		})
	}
	return reply
}

func (s *Server) rollupQuery(p params) (store.RollupQuery, error) {
	q := store.RollupQuery{By: store.FacetModel, Daily: true, Value: p.text("value")}
	if text := p.text("by"); text != "" {
		if q.By = store.Facet(text); !slices.Contains(rollupFacets, q.By) {
			return q, invalid("by: expected one of %s, got %s", rollupFacets, quote(text))
		}
	}
	if text := p.text("interval"); text != "" {
		if q.Daily = text == "day"; !slices.Contains(rollupIntervals, text) {
			return q, invalid("interval: expected one of %s, got %s", rollupIntervals, quote(text))
		}
	}
	var err error
	if q.Since, q.Until, err = s.span(p); err != nil {
		return q, err
	}
	q.Limit, err = p.limit(standardRollups, mostRollups)
	return q, err
}

func rollupCursor(list string, k *store.RollupKey) string {
	if k == nil {
		return ""
	}
	return cursor{List: list, Timestamp: k.Start.UnixNano(), Value: []byte(k.Value)}.String()
}

func (c *cursor) rollupKey() *store.RollupKey {
	if c == nil {
		return nil
	}
	return &store.RollupKey{Start: time.Unix(0, c.Timestamp).UTC(), Value: string(c.Value)}
}
