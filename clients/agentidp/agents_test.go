package agentidp_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

func TestAnAgentsLife(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	ctx := t.Context()
	made := register(t, c, "classifier-v2@myorg.ai")
	if made.AgentID == "" || made.Status != agentidp.AgentActive || made.CreatedAt.IsZero() || made.Email != "classifier-v2@myorg.ai" ||
		made.AgentType != "classifier" || made.Owner != "platform-team" || made.DeploymentEnv != "production" || made.Version != "2.0.0" {
		t.Errorf("registered %+v", made)
	}
	got, err := c.Agents.Get(ctx, made.AgentID)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(made) {
		t.Errorf("got %+v, %v", got, err)
	}
	updated, err := c.Agents.Update(ctx, made.AgentID, agentidp.UpdateAgent{Version: "2.1.0", Capabilities: []string{"a", "b"}})
	if err != nil || updated.Version != "2.1.0" || !slices.Equal(updated.Capabilities, []string{"a", "b"}) || updated.Owner != "platform-team" {
		t.Errorf("updated to %+v, %v", updated, err)
	}
	if updated, err = c.Agents.Update(ctx, made.AgentID, agentidp.UpdateAgent{AgentType: "t", Owner: "o", DeploymentEnv: "d", Capabilities: []string{}}); err != nil ||
		updated.AgentType+updated.Owner+updated.DeploymentEnv != "tod" || len(updated.Capabilities) != 0 || updated.Version != "2.1.0" {
		t.Errorf("updated to %+v, %v", updated, err)
	}
	if err := c.Agents.Decommission(ctx, made.AgentID); err != nil {
		t.Fatal(err)
	}
	if got, err = c.Agents.Get(ctx, made.AgentID); err != nil || got.Status != agentidp.AgentDecommissioned {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := c.Agents.Decommission(ctx, made.AgentID); !errors.Is(err, agentidp.ErrAgentDecommissioned) || !errors.Is(err, agentidp.ErrConflict) {
		t.Errorf("decommissioned twice: %v", err)
	}
	if _, err := c.Agents.Update(ctx, made.AgentID, agentidp.UpdateAgent{Version: "3"}); !errors.Is(err, agentidp.ErrAgentDecommissioned) {
		t.Errorf("updated what is no more: %v", err)
	}
}

func TestAgentsThatAreRefused(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	register(t, c, "a@b.c")
	_, err := c.Agents.Register(t.Context(), agentidp.RegisterAgent{Email: "A@b.c", AgentType: "x", Version: "1", Owner: "o", DeploymentEnv: "d"})
	if !errors.Is(err, agentidp.ErrAgentExists) {
		t.Errorf("the same email again: %v", err)
	}
	if _, err = c.Agents.Register(t.Context(), agentidp.RegisterAgent{}); !errors.Is(err, agentidp.ErrValidation) {
		t.Errorf("nothing: %v", err)
	}
	if _, err = c.Agents.Get(t.Context(), "non-existent-id"); !errors.Is(err, agentidp.ErrAgentNotFound) || !errors.Is(err, agentidp.ErrNotFound) {
		t.Errorf("an unknown one: %v", err)
	}
	var e *agentidp.Error
	if !errors.As(err, &e) || e.Code != "AgentNotFoundError" || e.HTTPStatus != 404 || e.Message == "" {
		t.Errorf("got %+v", e)
	}
	for _, id := range []string{"", "..", "."} {
		before := idp.Count("agents.get")
		if _, err := c.Agents.Get(t.Context(), id); !errors.Is(err, agentidp.ErrInvalidID) || idp.Count("agents.get") != before {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestListingAgents(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	want := []string{idp.ClientID()}
	for i := range 24 {
		want = append(want, register(t, c, fmt.Sprintf("a%d@b.c", i)).AgentID)
	}
	if err := c.Agents.Decommission(t.Context(), want[5]); err != nil {
		t.Fatal(err)
	}
	page, err := c.Agents.List(t.Context(), agentidp.ListAgents{Status: agentidp.AgentActive, PageOptions: agentidp.PageOptions{Page: 2, Limit: 20}})
	if err != nil || len(page.Data) != 4 || page.Total != 24 || page.Page != 2 || page.Limit != 20 {
		t.Errorf("got %+v, %v", page, err)
	}
	for _, limit := range []int{0, 1, 5, 7, 25, 100} {
		var got []string
		for a, err := range c.Agents.All(t.Context(), agentidp.ListAgents{PageOptions: agentidp.PageOptions{Limit: limit}}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, a.AgentID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %d agents, want %d", limit, len(got), len(want))
		}
	}
	if _, err := c.Agents.List(t.Context(), agentidp.ListAgents{PageOptions: agentidp.PageOptions{Limit: 1000}}); !errors.Is(err, agentidp.ErrValidation) {
		t.Errorf("a limit that is too high: %v", err)
	}
	before := idp.Count("agents.list")
	for _, err := range c.Agents.All(t.Context(), agentidp.ListAgents{PageOptions: agentidp.PageOptions{Limit: 5}}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	same(t, "pages for one agent", idp.Count("agents.list")-before, 1)
}

// A list ends with an error that is told, and with a server that does not know pages.
func TestListsThatBreakOff(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp, agentidp.WithMaxRetries(0))
	for i := range 3 {
		register(t, c, fmt.Sprintf("a%d@b.c", i))
	}
	count := func() (agents int, last error) {
		for _, err := range c.Agents.All(t.Context(), agentidp.ListAgents{PageOptions: agentidp.PageOptions{Limit: 1}}) {
			if last = err; err == nil {
				agents++
			}
		}
		return agents, last
	}
	idp.Fault(func(op string, n int) agentidptest.Fault {
		if op == "agents.list" && n == 3 {
			return agentidptest.Status(http.StatusForbidden)
		}
		return nil
	})
	if n, err := count(); n != 2 || !errors.Is(err, agentidp.ErrForbidden) {
		t.Errorf("%d agents, %v", n, err)
	}
	idp.Fault(func(string, int) agentidptest.Fault {
		return agentidptest.Body("application/json", `{"data":[{"agentId":"x"}]}`)
	})
	if n, err := count(); n != 1 || !errors.Is(err, agentidp.ErrUnexpectedReply) || !strings.Contains(err.Error(), "does not know the parameter page") {
		t.Errorf("%d agents, %v", n, err)
	}
	idp.Fault(func(string, int) agentidptest.Fault { return agentidptest.Body("application/json", `{"data":[]}`) })
	if n, err := count(); n != 0 || err != nil {
		t.Errorf("%d agents, %v", n, err)
	}
}
