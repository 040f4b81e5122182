package agentidp_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// Everything that is done leaves an event, which each filter of the document finds.
func TestAudit(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	ctx := t.Context()
	before := time.Now()
	agent := register(t, c, "a@b.c").AgentID
	_, _ = c.Agents.Update(ctx, agent, agentidp.UpdateAgent{Version: "3"})
	cred, err := c.Credentials.Generate(ctx, agent)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Credentials.Rotate(ctx, agent, cred.CredentialID)
	_ = c.Credentials.Revoke(ctx, agent, cred.CredentialID)
	token, _ := c.Tokens.Issue(ctx)
	_, _ = c.Tokens.Introspect(ctx, token.AccessToken)
	_ = c.Tokens.Revoke(ctx, token.AccessToken)
	_ = c.Agents.Decommission(ctx, agent)
	_, _ = connectAs(t, idp, idp.ClientID(), "wrong").Tokens.Issue(ctx)

	for action, want := range map[string]int{
		agentidp.ActionAgentCreated: 1, agentidp.ActionAgentUpdated: 1, agentidp.ActionAgentDecommissioned: 1, agentidp.ActionCredentialGenerated: 1,
		agentidp.ActionCredentialRotated: 1, agentidp.ActionCredentialRevoked: 1, agentidp.ActionTokenIntrospected: 1, agentidp.ActionTokenRevoked: 1,
	} {
		page, err := c.Audit.Query(ctx, agentidp.AuditQuery{Action: action})
		if err != nil || len(page.Data) != want || page.Total != want || page.Data[0].Outcome != agentidp.OutcomeSuccess {
			t.Errorf("%s: %+v, %v", action, page, err)
		}
	}
	count := func(q agentidp.AuditQuery) (n int) {
		t.Helper()
		for e, err := range c.Audit.All(ctx, q) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; e.EventID == "" || e.Timestamp.Before(before.Add(-time.Second)) {
				t.Errorf("event %+v", e)
			}
		}
		return n
	}
	small := agentidp.PageOptions{Limit: 2}
	same(t, "of the agent", count(agentidp.AuditQuery{AgentID: agent, PageOptions: small}), 6)
	same(t, "of all", count(agentidp.AuditQuery{PageOptions: small}), 11)
	same(t, "failures", count(agentidp.AuditQuery{Action: agentidp.ActionTokenIssued, Outcome: agentidp.OutcomeFailure}), 1)
	same(t, "issued", count(agentidp.AuditQuery{Action: agentidp.ActionTokenIssued, Outcome: agentidp.OutcomeSuccess}), 2)
	same(t, "since the beginning", count(agentidp.AuditQuery{From: before}), 11)
	same(t, "until the beginning", count(agentidp.AuditQuery{To: before}), 0)
	same(t, "since later", count(agentidp.AuditQuery{From: time.Now().Add(time.Hour)}), 0)
}

func TestOneAuditEvent(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	page, err := c.Audit.Query(t.Context(), agentidp.AuditQuery{Action: agentidp.ActionTokenIssued})
	if err != nil || len(page.Data) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	got, err := c.Audit.Get(t.Context(), page.Data[0].EventID)
	if err != nil || got.AgentID != idp.ClientID() || got.IPAddress != "127.0.0.1" || got.UserAgent != "sentrial-go" || got.Metadata["scope"] == nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := c.Audit.Get(t.Context(), "none"); !errors.Is(err, agentidp.ErrAuditEventNotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}
