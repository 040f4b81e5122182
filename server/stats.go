package server

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// mostStatTypes bounds the event types that are told apart; the total has all of them.
const mostStatTypes = 1000

// statsBody is the JSON of what a project has. Unlike in lists, nothing that is 0 is left out.
type statsBody struct {
	Sessions         map[string]int64 `json:"sessions"` // by status, and "total"
	Events           map[string]int64 `json:"events"`   // by type, and "total"
	Errors           int64            `json:"errors"`
	PromptTokens     int64            `json:"prompt_tokens"`
	CompletionTokens int64            `json:"completion_tokens"`
	TokensUsed       int64            `json:"tokens_used"`
	CachedTokens     int64            `json:"cached_tokens"`
	CacheWriteTokens int64            `json:"cache_write_tokens"`
	ReasoningTokens  int64            `json:"reasoning_tokens"`
	Cost             *float64         `json:"cost,omitempty"` // USD; absent = unknown
	LastEventAt      time.Time        `json:"last_event_at,omitzero"`
}

// getStats answers with the sums of everything, or of a span.
func (s *Server) getStats(w http.ResponseWriter, r *http.Request) error {
	project, err := projectOf(r)
	if err != nil {
		return err
	}
	p, err := readParams(r, []string{"since", "until"})
	if err != nil {
		return err
	}
	q := store.StatsQuery{IdleBefore: s.idleBefore()}
	if q.Since, q.Until, err = s.span(p); err != nil {
		return err
	}
	stats, err := s.store.Stats(r.Context(), project, q)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newStatsBody(&stats))
	return nil
}

func newStatsBody(s *store.Stats) statsBody {
	c, t := &s.Counters, &s.Counters.Tokens
	return statsBody{
		Sessions: sessionCounts(s.Sessions), Events: eventCounts(s.Events, c.Events), Errors: c.Errors, PromptTokens: t.Prompt,
		CompletionTokens: t.Completion, TokensUsed: t.Total, CachedTokens: t.Cached, CacheWriteTokens: t.CacheWrite, ReasoningTokens: t.Reasoning,
		Cost: usdOf(c), LastEventAt: s.LastEventAt,
	}
}

func sessionCounts(byStatus map[types.Status]int64) map[string]int64 {
	counts := map[string]int64{"total": 0}
	for _, status := range sessionStatuses {
		counts[string(status)] = 0
	}
	for status, n := range byStatus {
		counts[string(status)] = n
		counts["total"] += n
	}
	return counts
}

func eventCounts(byType map[types.EventType]int64, total int64) map[string]int64 {
	kinds := slices.SortedFunc(maps.Keys(byType), func(a, b types.EventType) int { return cmp.Compare(byType[b], byType[a]) })
	counts := make(map[string]int64)
	for _, kind := range kinds[:min(len(kinds), mostStatTypes)] {
		counts[string(kind)] = byType[kind]
	}
	counts["total"] = total // of whatever types, also of one that is called so
	return counts
}
