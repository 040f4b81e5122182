package agentidp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// everything calls each endpoint, and gives what came back.
func everything(ctx context.Context, c *agentidp.Client) (shown []any, secrets []string) {
	keep := func(v any, err error) { shown = append(shown, v, err) }
	agent, err := c.Agents.Register(ctx, agentidp.RegisterAgent{Email: "every@thing.example", AgentType: "x", Version: "1", Owner: "o", DeploymentEnv: "d"})
	keep(agent, err)
	list, err := c.Agents.List(ctx, agentidp.ListAgents{Status: agentidp.AgentActive})
	keep(list, err)
	got, err := c.Agents.Get(ctx, agent.AgentID)
	keep(got, err)
	updated, err := c.Agents.Update(ctx, agent.AgentID, agentidp.UpdateAgent{Version: "2"})
	keep(updated, err)
	cred, err := c.Credentials.Generate(ctx, agent.AgentID)
	keep(cred, err)
	credentials, err := c.Credentials.List(ctx, agent.AgentID, agentidp.PageOptions{})
	keep(credentials, err)
	rotated, err := c.Credentials.Rotate(ctx, agent.AgentID, cred.CredentialID)
	keep(rotated, err)
	token, err := c.Tokens.Issue(ctx)
	keep(token, err)
	about, err := c.Tokens.Introspect(ctx, token.AccessToken)
	keep(about, err)
	events, err := c.Audit.Query(ctx, agentidp.AuditQuery{})
	keep(events, err)
	event, err := c.Audit.Get(ctx, events.Data[0].EventID)
	keep(event, err)
	keep(nil, c.Tokens.Revoke(ctx, token.AccessToken))
	keep(nil, c.Credentials.Revoke(ctx, agent.AgentID, cred.CredentialID))
	keep(nil, c.Agents.Decommission(ctx, agent.AgentID))
	_, wrong := c.Agents.Get(ctx, "none")
	keep(c, wrong)
	own, _ := c.TokenSource().Token(ctx)
	keep(c.TokenSource(), nil)
	return shown, []string{cred.ClientSecret.Reveal(), rotated.ClientSecret.Reveal(), token.AccessToken.Reveal(), own}
}

var endpoints = []string{
	"agentidp.tokens.issue", "agentidp.tokens.introspect", "agentidp.tokens.revoke",
	"agentidp.agents.register", "agentidp.agents.list", "agentidp.agents.get", "agentidp.agents.update", "agentidp.agents.decommission",
	"agentidp.credentials.generate", "agentidp.credentials.list", "agentidp.credentials.rotate", "agentidp.credentials.revoke",
	"agentidp.audit.query", "agentidp.audit.get",
}

// Each of the fourteen endpoints is recorded with what went in and what came out, and no secret is anywhere: in no event, error, log, %+v or JSON.
func TestEveryEndpointIsRecordedWithoutSecrets(t *testing.T) {
	rec := sentrialtest.New(t)
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	var shown []any
	var secrets []string
	err := rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		shown, secrets = everything(ctx, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, idp.ClientSecret())
	var called []string
	for _, call := range rec.ToolCalls() {
		called = append(called, call.ToolName)
		if call.ToolInput == nil || call.Error == "" && call.ToolOutput == nil && !strings.HasSuffix(call.ToolName, "revoke") && !strings.HasSuffix(call.ToolName, "decommission") {
			t.Errorf("%s has input %v and output %v", call.ToolName, call.ToolInput, call.ToolOutput)
		}
	}
	for _, name := range endpoints {
		if !slices.Contains(called, name) {
			t.Errorf("%s is not recorded: %v", name, called)
		}
	}
	rec.WantPath("agentidp.agents.register > agentidp.tokens.issue") // the token is fetched inside the call that needs it
	var out bytes.Buffer
	fmt.Fprintln(&out, rec.Timeline())
	for _, v := range append(shown, any(rec.Events())) {
		fmt.Fprintf(&out, "%v %+v %#v\n", v, v, v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		if _, isClient := v.(*agentidp.Client); !isClient {
			text, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			out.Write(text)
		}
	}
	for i, secret := range secrets {
		if secret == "" || strings.Contains(out.String(), secret) {
			t.Errorf("secret %d shows", i)
		}
	}
}

// Nothing of sentrial's is sent to the platform, and nothing is missing without a session.
func TestThePlatformLearnsNothingOfTheSession(t *testing.T) {
	rec := sentrialtest.New(t)
	idp := agentidptest.New()
	var names []string
	transport := handlerTransport{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			names = append(names, name)
		}
		idp.ServeHTTP(w, r)
	})}
	c, err := agentidp.New("https://idp.example", idp.ClientID(), idp.ClientSecret(), agentidp.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		_, err := c.Agents.Get(ctx, idp.ClientID())
		return err
	})
	slices.Sort(names)
	same(t, "headers", strings.Join(slices.Compact(names), " "), "Accept Authorization Content-Type User-Agent")
	before := rec.Client().Stats().Unsessioned
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
		t.Fatal(err)
	}
	same(t, "calls without a session", rec.Client().Stats().Unsessioned, before)
}
