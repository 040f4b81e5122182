package server

import (
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// hostedSessionBody is a session's JSON on the hosted wire.
type hostedSessionBody struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	AgentName string    `json:"agentName"`
	UserID    string    `json:"userId"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"createdAt"`
}

func newHostedSession(s *store.Session) hostedSessionBody {
	return hostedSessionBody{ID: s.ID, Name: s.Name, AgentName: s.AgentName, UserID: s.UserID, Status: hostedStatus(s.Status), CreatedAt: s.CreatedAt}
}

// hostedStatus is a session's status in the hosted wire's words.
func hostedStatus(status types.Status) string {
	switch status {
	case types.StatusActive, types.StatusAbandoned:
		return "active"
	case types.StatusSuccess:
		return "completed"
	}
	return "failed"
}

// hostedOutcome is a session with what is known of how it went, as PATCH answers.
type hostedOutcome struct {
	hostedSessionBody
	UpdatedAt        time.Time       `json:"updatedAt"`
	Success          *bool           `json:"success,omitempty"` // absent while the session is open
	FailureReason    string          `json:"failureReason,omitempty"`
	EstimatedCost    *float64        `json:"estimatedCost,omitempty"`
	PromptTokens     int64           `json:"promptTokens,omitempty"`
	CompletionTokens int64           `json:"completionTokens,omitempty"`
	TotalTokens      int64           `json:"totalTokens,omitempty"`
	CustomMetrics    json.RawMessage `json:"customMetrics,omitempty"`
	UserInput        json.RawMessage `json:"userInput,omitempty"`
	AssistantOutput  json.RawMessage `json:"assistantOutput,omitempty"`
	Metadata         json.RawMessage `json:"metadata,omitempty"`
}

func newHostedOutcome(s *store.Session, now time.Time) hostedOutcome {
	b, c := newSessionBody(s), &s.Counters.Tokens
	o := hostedOutcome{
		hostedSessionBody: newHostedSession(s), UpdatedAt: now.UTC(), EstimatedCost: b.Cost, PromptTokens: c.Prompt, CompletionTokens: c.Completion,
		TotalTokens: c.Total, CustomMetrics: s.Metrics, UserInput: s.Input, AssistantOutput: s.Output, Metadata: s.Metadata,
	}
	if o.Status != "active" {
		success := o.Status == "completed"
		o.Success = &success
	}
	if o.Status != "completed" {
		o.FailureReason = s.Summary
	}
	return o
}
