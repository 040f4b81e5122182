package cli

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/types"
)

// sessionOfRun is the id of the session that a run becomes, always the same.
func sessionOfRun(id string) string {
	if session := "hivium-" + id; types.ValidID(session + ":start") {
		return session
	}
	sum := sha256.Sum256([]byte(id))
	return fmt.Sprintf("hivium-%x", sum[:16])
}

// eventsOfRun are those of a session: its start and, of a run that has ended, the call of models that it was and its end. What it cost and used is known of the whole
// alone, so there is one call, which names no model. now stands for times that are not told.
func eventsOfRun(r *hivium.Run, now time.Time) []types.Event {
	start := firstTime(r.StartedAt, r.CreatedAt, r.FinishedAt, now)
	end := firstTime(r.FinishedAt, start)
	if end.Before(start) {
		end = start
	}
	session := sessionOfRun(r.ID)
	events := []types.Event{{
		ID: session + ":start", SessionID: session, Seq: 1, Timestamp: start,
		Metadata: map[string]any{"platform": "hivium", "run_id": r.ID},
		Session:  &types.SessionFields{Name: r.AgentSlug, AgentName: r.AgentSlug, Tags: []string{"hivium"}},
	}}
	status, ended := statusOfRun(r)
	if !ended {
		return events
	}
	return append(events, callOfRun(r, session, start, end, status), endOfRun(r, session, end, status))
}

func callOfRun(r *hivium.Run, session string, start, end time.Time, status types.Status) types.Event {
	return types.Event{
		ID: session + ":call", SessionID: session, Seq: 2, Timestamp: start, Duration: end.Sub(start), Status: status,
		LLMCall: &types.LLMCall{
			Provider: "hivium", Operation: "invoke_agent", Cost: r.CostUSD, Error: errorOfRun(r),
			Usage: types.Usage{PromptTokens: r.Tokens.Input, CompletionTokens: r.Tokens.Output, TotalTokens: r.Tokens.Total},
		},
	}
}

func endOfRun(r *hivium.Run, session string, end time.Time, status types.Status) types.Event {
	e := types.Event{
		ID: session + ":end", SessionID: session, Seq: 3, Timestamp: end, Status: status,
		Metadata: map[string]any{"hivium_status": string(r.Status)},
		Result:   &types.SessionResult{Status: status, Summary: errorOfRun(r)},
	}
	if r.Output != nil {
		e.Result.Output = r.Output
	}
	return e
}

// statusOfRun is how a run ended, if it did. One with a status that is not known here has ended when it says when.
func statusOfRun(r *hivium.Run) (status types.Status, ended bool) {
	switch r.Status {
	case hivium.RunSucceeded:
		return types.StatusSuccess, true
	case hivium.RunFailed:
		return types.StatusError, true
	case hivium.RunQueued, hivium.RunRunning, hivium.RunAwaitingApproval:
		return "", false
	case "cancelled", "canceled":
		return types.StatusCancelled, true
	}
	if r.Error != nil {
		return types.StatusError, true
	}
	return types.StatusSuccess, !r.FinishedAt.IsZero()
}

// errorOfRun is what a run says went wrong.
func errorOfRun(r *hivium.Run) string {
	switch {
	case r.Error == nil && r.Status == hivium.RunFailed:
		return "failed"
	case r.Error == nil:
		return ""
	case r.Error.Code != "" && r.Error.Message != "":
		return r.Error.Code + ": " + r.Error.Message
	}
	return cmp.Or(r.Error.Message, r.Error.Code, "failed")
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
