package agentidp

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Audit is the log of what was done.
type Audit struct{ c *Client }

// Values of AuditEvent.Outcome. The document names success.
const (
	OutcomeSuccess = "success"
	OutcomeFailure = "failure"
)

// Values of AuditEvent.Action. The document names token.issued; there may be others than these.
const (
	ActionTokenIssued         = "token.issued"
	ActionTokenIntrospected   = "token.introspected"
	ActionTokenRevoked        = "token.revoked"
	ActionAgentCreated        = "agent.created"
	ActionAgentUpdated        = "agent.updated"
	ActionAgentDecommissioned = "agent.decommissioned"
	ActionCredentialGenerated = "credential.generated"
	ActionCredentialRotated   = "credential.rotated"
	ActionCredentialRevoked   = "credential.revoked"
)

// AuditEvent is one thing that was done, or tried.
type AuditEvent struct {
	EventID   string         `json:"eventId"`
	AgentID   string         `json:"agentId"` // whom it is about
	Action    string         `json:"action"`
	Outcome   string         `json:"outcome"`
	Timestamp time.Time      `json:"timestamp,omitzero"`
	IPAddress string         `json:"ipAddress,omitzero"`
	UserAgent string         `json:"userAgent,omitzero"`
	Metadata  map[string]any `json:"metadata,omitzero"`
}

// missing names a field without which it cannot be.
func (e *AuditEvent) missing() string {
	if e.EventID == "" {
		return "eventId"
	}
	return ""
}

// AuditQuery says which events are wanted; what is empty does not matter.
type AuditQuery struct {
	AgentID string
	Action  string
	Outcome string
	From    time.Time // from_date in the document: not before
	To      time.Time // to_date in the document: not after
	PageOptions
}

func (q *AuditQuery) values() url.Values {
	v := q.addTo(url.Values{})
	set(v, "agentId", q.AgentID)
	set(v, "action", q.Action)
	set(v, "outcome", q.Outcome)
	set(v, "fromDate", dateOf(q.From))
	set(v, "toDate", dateOf(q.To))
	return v
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Query gives a page of events. It needs the scope audit:read.
func (a *Audit) Query(ctx context.Context, query AuditQuery) (*Page[AuditEvent], error) {
	q := query.values()
	var got Page[AuditEvent]
	return result(&got, a.c.do(ctx, call{endpoint: queryAudit, query: q, input: inputOf(q, nil), into: &got, missing: got.missing}))
}

// All goes through the events from the page of query on. An error is the last that it yields.
func (a *Audit) All(ctx context.Context, query AuditQuery) iter.Seq2[*AuditEvent, error] {
	return each(ctx, query.PageOptions, func(ctx context.Context, o PageOptions) (*Page[AuditEvent], error) {
		query.PageOptions = o
		return a.Query(ctx, query)
	}, func(e *AuditEvent) string { return e.EventID })
}

// Get gives an event. It needs the scope audit:read.
func (a *Audit) Get(ctx context.Context, eventID string) (*AuditEvent, error) {
	var got AuditEvent
	return result(&got, a.c.do(ctx, call{endpoint: getAuditEvent, ids: []string{eventID}, input: map[string]any{"eventId": eventID}, into: &got, missing: got.missing}))
}
