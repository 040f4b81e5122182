package consumer

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TrackAll records one event of each type on a session by hand and returns their ids.
func TrackAll(ctx context.Context, client *sentrial.Client) []string {
	ctx, session := client.CreateSession(ctx, "by hand")
	defer session.Close(ctx, types.SessionResult{Status: types.StatusSuccess, Summary: "done"})
	now := time.Now()
	ids := []string{
		session.TrackToolCall(ctx, types.ToolCall{ToolName: "search", ToolInput: "go", ToolOutput: []string{"go.dev"}, StartTime: now, Duration: time.Second}),
		session.TrackDecision(ctx, types.Decision{Reasoning: "best hit", Alternatives: []string{"a", "b"}, Chosen: "a", Confidence: sentrial.Ptr(0.75)}),
		session.TrackLLMCall(ctx, types.LLMCall{Model: "small", Prompt: "hi", Response: "hello", Usage: types.Usage{PromptTokens: 1, CompletionTokens: 1, TotalTokens: 2}}),
		session.TrackError(ctx, types.ErrorEvent{ErrorType: "timeout", ErrorMessage: "no answer", Recoverable: true, RecoveryAction: "retry"}),
		session.TrackStep(session.Context(ctx), types.Step{Name: "summary", Kind: "chain", Output: "text"}),
	}
	session.Update(ctx, sentrial.WithUserID("known now"), sentrial.WithTags("late"))
	return append(ids, session.TrackFeedback(ctx, types.Feedback{Name: "helpful", Score: sentrial.Ptr(1.0), EventID: ids[0], UserID: "user-1"}))
}

// Import records a run that another system logged, under that system's own ids.
func Import(ctx context.Context, client *sentrial.Client, session string, at time.Time) []string {
	return []string{
		client.Record(ctx, types.Event{ID: session + ":0", Type: types.EventSessionStart, SessionID: session, Timestamp: at, Session: &types.SessionFields{Name: "imported"}}),
		client.Record(ctx, types.Event{ID: session + ":1", Type: types.EventToolCall, SessionID: session, Timestamp: at, ToolCall: &types.ToolCall{ToolName: "search"}}),
		client.Record(ctx, types.Event{ID: session + ":2", Type: types.EventSessionEnd, SessionID: session, Timestamp: at, Result: &types.SessionResult{Status: types.StatusSuccess}}),
	}
}

// Failed reads the events of each failed session of an agent since a time.
func Failed(ctx context.Context, client *sentrial.Client, agent string, since time.Time) (events []*types.Event, err error) {
	query := sentrial.SessionQuery{Status: types.StatusError, Agent: agent, Since: since, Limit: 10}
	for session, err := range client.ListSessions(ctx, query) {
		if err != nil {
			return nil, err
		}
		for event, err := range client.Events(ctx, session.ID) {
			if err != nil {
				return nil, err
			}
			events = append(events, event)
		}
	}
	return events, nil
}

// Cost is what a session has cost so far in US dollars, and whether that is known.
func Cost(ctx context.Context, client *sentrial.Client, id string) (dollars float64, known bool, err error) {
	session, err := client.GetSession(ctx, id)
	if err != nil || session.Cost == nil {
		return 0, false, err
	}
	return *session.Cost, true, nil
}
