package server

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

type sessionListBody struct {
	Data       []sessionBody `json:"data"`
	NextCursor string        `json:"next_cursor,omitempty"`
}

// sessionBody is a session's JSON: what types.Session reads, with every value as exact as it came.
type sessionBody struct {
	ID               string          `json:"id"`
	Name             string          `json:"name,omitempty"`
	AgentName        string          `json:"agent_name,omitempty"`
	AgentVersion     string          `json:"agent_version,omitempty"`
	UserID           string          `json:"user_id,omitempty"`
	ConversationID   string          `json:"conversation_id,omitempty"`
	ParentSessionID  string          `json:"parent_session_id,omitempty"`
	ProjectID        string          `json:"project_id,omitempty"`
	Status           types.Status    `json:"status"`
	Summary          string          `json:"summary,omitempty"`
	Input            json.RawMessage `json:"input,omitempty"`
	Output           json.RawMessage `json:"output,omitempty"`
	Tags             []string        `json:"tags,omitempty"`
	Metrics          json.RawMessage `json:"metrics,omitempty"`
	CreatedAt        time.Time       `json:"created_at"`
	ClosedAt         time.Time       `json:"closed_at,omitzero"`
	LastReceivedAt   time.Time       `json:"last_received_at,omitzero"`
	Metadata         json.RawMessage `json:"metadata,omitempty"`
	Events           int64           `json:"events"`
	Errors           int64           `json:"errors"`
	PromptTokens     int64           `json:"prompt_tokens,omitempty"`
	CompletionTokens int64           `json:"completion_tokens,omitempty"`
	TokensUsed       int64           `json:"tokens_used,omitempty"`
	CachedTokens     int64           `json:"cached_tokens,omitempty"`
	CacheWriteTokens int64           `json:"cache_write_tokens,omitempty"`
	ReasoningTokens  int64           `json:"reasoning_tokens,omitempty"`
	Cost             *float64        `json:"cost,omitempty"` // USD; absent = unknown
	Gaps             []gapBody       `json:"gaps,omitempty"` // of one session only
}

func newSessionBody(s *store.Session) sessionBody {
	c, t := &s.Counters, &s.Counters.Tokens
	b := sessionBody{
		ID: s.ID, Name: s.Name, AgentName: s.AgentName, AgentVersion: s.AgentVersion, UserID: s.UserID, ConversationID: s.ConversationID,
		ParentSessionID: s.ParentSessionID, ProjectID: s.Project, Status: s.Status, Summary: s.Summary, Input: s.Input, Output: s.Output,
		Tags: s.Tags, Metrics: s.Metrics, CreatedAt: s.CreatedAt, ClosedAt: s.ClosedAt, LastReceivedAt: s.LastReceivedAt, Metadata: s.Metadata, Events: c.Events, Errors: c.Errors,
		PromptTokens: t.Prompt, CompletionTokens: t.Completion, TokensUsed: t.Total, CachedTokens: t.Cached, CacheWriteTokens: t.CacheWrite,
		ReasoningTokens: t.Reasoning, Cost: usdOf(c),
	}
	return b
}
