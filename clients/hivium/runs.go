package hivium

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"
)

// Runs are those of the platform's own agents.
type Runs struct{ c *Client }

// RunStatus is how far a run has come.
type RunStatus string

// Statuses of runs.
const (
	RunQueued           RunStatus = "queued"
	RunRunning          RunStatus = "running"
	RunSucceeded        RunStatus = "succeeded"
	RunFailed           RunStatus = "failed"
	RunAwaitingApproval RunStatus = "awaiting_approval"
)

// ListRuns says which runs are wanted; what is empty does not matter.
type ListRuns struct {
	AgentSlug string // such as daily-brief or lead-triage
	Status    RunStatus
	Since     time.Time
	PageOptions
}

func (l *ListRuns) values() url.Values {
	q := l.query()
	set(q, "agent_slug", l.AgentSlug)
	set(q, "status", string(l.Status))
	return set(q, "since", timeOf(l.Since))
}

// List gives a page of runs. It needs the scope agents:read.
func (r *Runs) List(ctx context.Context, l ListRuns) (*Page[Run], error) {
	return list[Run](ctx, r.c, listRuns, l.values())
}

// ListRaw is List for whoever decodes the runs: one that is no [Run] does not take its page with it.
func (r *Runs) ListRaw(ctx context.Context, l ListRuns) (*Page[json.RawMessage], error) {
	return list[json.RawMessage](ctx, r.c, listRuns, l.values())
}

// All goes through the runs from the page of l on. An error is the last that it yields.
func (r *Runs) All(ctx context.Context, l ListRuns) iter.Seq2[*Run, error] {
	return each(ctx, l.PageOptions, func(ctx context.Context, o PageOptions) (*Page[Run], error) {
		l := l
		l.PageOptions = o
		return r.List(ctx, l)
	})
}
