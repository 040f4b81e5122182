package sentrialtest

import (
	"maps"

	"github.com/sentrial/sentrial-go/types"
)

// fold makes sessions of events, in the order in which they appear, by the rules of the batch protocol.
func fold(events []types.Event) []types.Session {
	var sessions []types.Session
	place := make(map[string]int)
	for i := range events {
		e := &events[i]
		at, known := place[e.SessionID]
		if !known {
			at = len(sessions)
			place[e.SessionID] = at
			sessions = append(sessions, types.Session{ID: e.SessionID, Status: types.StatusActive, CreatedAt: e.Timestamp})
		}
		apply(&sessions[at], e)
	}
	return sessions
}

func apply(s *types.Session, e *types.Event) {
	s.Events++
	if e.Type == types.EventError || e.Status == types.StatusError && e.Result == nil {
		s.Errors++
	}
	if e.Session != nil {
		describe(s, e)
	}
	if r := e.Result; r != nil {
		s.Status, s.Summary, s.Output, s.Metrics = e.Status, r.Summary, r.Output, r.Metrics
		s.ClosedAt = &e.Timestamp
	}
	if c := e.LLMCall; c != nil {
		add(&s.Usage, c.Usage)
		addCost(s, c.Cost)
	}
	if c := e.ToolCall; c != nil {
		addCost(s, c.Cost)
	}
}

// describe takes over what a session_start or session_update says; what it leaves out stays.
func describe(s *types.Session, e *types.Event) {
	f := e.Session
	for to, from := range map[*string]string{
		&s.Name: f.Name, &s.AgentName: f.AgentName, &s.AgentVersion: f.AgentVersion, &s.UserID: f.UserID,
		&s.ConversationID: f.ConversationID, &s.ParentSessionID: f.ParentSessionID,
	} {
		if from != "" {
			*to = from
		}
	}
	if f.Input != nil {
		s.Input = f.Input
	}
	if len(f.Tags) > 0 {
		s.Tags = f.Tags
	}
	if len(e.Metadata) > 0 {
		all := maps.Clone(s.Metadata)
		if all == nil {
			all = make(map[string]any)
		}
		maps.Copy(all, e.Metadata)
		s.Metadata = all
	}
}

func add(sum *types.Usage, u types.Usage) {
	sum.PromptTokens += u.PromptTokens
	sum.CompletionTokens += u.CompletionTokens
	sum.TotalTokens += u.TotalTokens
	sum.CachedTokens += u.CachedTokens
	sum.CacheWriteTokens += u.CacheWriteTokens
	sum.ReasoningTokens += u.ReasoningTokens
}

// addCost adds in nano dollars: sums of what people call 0.1 and 0.2 should be what they call 0.3.
func addCost(s *types.Session, cost *float64) {
	if cost == nil {
		return
	}
	sum := nanoOf(*cost)
	if s.Cost != nil {
		sum += nanoOf(*s.Cost)
	}
	total := sum.usd()
	s.Cost = &total
}
