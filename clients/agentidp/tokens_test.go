package agentidp_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

func TestATokensLife(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	ctx := t.Context()
	token, err := c.Tokens.Issue(ctx)
	if err != nil || token.AccessToken == "" || token.TokenType != "Bearer" || token.ExpiresIn != 3600 || !slices.Equal(token.Scopes, agentidp.AllScopes()) {
		t.Fatalf("issued %+v, %v", token, err)
	}
	if left := time.Until(token.ExpiresAt); left > time.Hour || left < 59*time.Minute {
		t.Errorf("it expires in %v", left)
	}
	about, err := c.Tokens.Introspect(ctx, token.AccessToken)
	if err != nil || !about.Active || about.ClientID != idp.ClientID() || about.Subject != idp.ClientID() || about.TokenType != "Bearer" ||
		about.ExpiresAt.Sub(about.IssuedAt) != time.Hour || !slices.Equal(about.Scopes, agentidp.AllScopes()) {
		t.Errorf("introspected %+v, %v", about, err)
	}
	if err := c.Tokens.Revoke(ctx, token.AccessToken); err != nil {
		t.Fatal(err)
	}
	about, err = c.Tokens.Introspect(ctx, token.AccessToken)
	if err != nil || about.Active || !about.ExpiresAt.IsZero() {
		t.Errorf("introspected %+v, %v", about, err)
	}
	if err := c.Tokens.Revoke(ctx, "what is no token"); err != nil {
		t.Errorf("revoked what is no token: %v", err)
	}
}

// Each scope of the document allows what the document says, and nothing else.
func TestScopes(t *testing.T) {
	idp := agentidptest.Start(t)
	all := connect(t, idp)
	agent := register(t, all, "a@b.c").AgentID
	id, secret := idp.NewAgent("limited@b.c")
	for _, scope := range agentidp.AllScopes() {
		c := connectAs(t, idp, id, secret, agentidp.WithScopes(scope))
		ctx := t.Context()
		_, read := c.Agents.Get(ctx, agent)
		_, credentials := c.Credentials.List(ctx, agent, agentidp.PageOptions{})
		_, write := c.Agents.Update(ctx, agent, agentidp.UpdateAgent{Version: "3"})
		_, generate := c.Credentials.Generate(ctx, agent)
		_, introspect := c.Tokens.Introspect(ctx, "x")
		_, audit := c.Audit.Query(ctx, agentidp.AuditQuery{})
		for needed, errs := range map[string][]error{
			agentidp.ScopeAgentsRead: {read, credentials}, agentidp.ScopeAgentsWrite: {write, generate},
			agentidp.ScopeTokensRead: {introspect}, agentidp.ScopeAuditRead: {audit},
		} {
			for _, err := range errs {
				if needed == scope && err != nil || needed != scope && !errors.Is(err, agentidp.ErrInsufficientScope) {
					t.Errorf("with %s, where %s is needed: %v", scope, needed, err)
				}
			}
		}
	}
	if _, err := all.Tokens.Issue(t.Context(), "moon:read"); !errors.Is(err, agentidp.ErrInvalidScope) {
		t.Errorf("a scope that there is not: %v", err)
	}
	issued, err := all.Tokens.Issue(t.Context(), agentidp.ScopeAuditRead)
	if err != nil || strings.Join(issued.Scopes, " ") != agentidp.ScopeAuditRead {
		t.Errorf("asked for one scope: %+v, %v", issued, err)
	}
}

// One's own token may be revoked whatever its scopes, another's with tokens:read.
func TestWhoMayRevokeAToken(t *testing.T) {
	idp := agentidptest.Start(t)
	id, secret := idp.NewAgent("limited@b.c")
	limited, all := connectAs(t, idp, id, secret, agentidp.WithScopes(agentidp.ScopeAgentsRead)), connect(t, idp)
	own, err := limited.Tokens.Issue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := limited.Tokens.Revoke(t.Context(), own.AccessToken); err != nil {
		t.Errorf("its own: %v", err)
	}
	others, err := all.Tokens.Issue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := limited.Tokens.Revoke(t.Context(), others.AccessToken); !errors.Is(err, agentidp.ErrInsufficientScope) {
		t.Errorf("another's: %v", err)
	}
}

// A client that revokes the token that it uses fetches another one.
func TestRevokingTheTokenInUse(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	text, err := c.TokenSource().Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Tokens.Revoke(t.Context(), agentidp.Secret(text)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
		t.Error(err)
	}
	same(t, "tokens", idp.Count("tokens.issue"), 2)
	same(t, "requests", idp.Count("agents.get"), 1)
}

func TestTokensThatAreNone(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp, agentidp.WithMaxRetries(0))
	for _, body := range []string{
		`{}`, `{"access_token":"","token_type":"Bearer"}`, `{"access_token":"a b","token_type":"Bearer"}`, `{"access_token":"a\nb","token_type":"Bearer"}`,
		`{"access_token":"canary","token_type":"mac"}`, `{"access_token":"canary"}`, `{"access_token":"canary","token_type":"Bearer","expires_in":0}`,
		`{"access_token":"canary","token_type":"Bearer","expires_in":-5}`, `{"access_token":"canary","token_type":"Bearer","expires_in":1e18}`,
		`{"access_token":"canary","token_type":"Bearer","expires_in":"3600"}`, `{"access_token":{"canary":1},"token_type":"Bearer"}`, `["canary"]`, `null`, ``,
	} {
		idp.Fault(func(string, int) agentidptest.Fault { return agentidptest.Body("application/json", body) })
		_, err := c.Agents.Get(t.Context(), "x")
		if !errors.Is(err, agentidp.ErrUnexpectedReply) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", body, err)
		}
	}
	idp.Fault(func(string, int) agentidptest.Fault {
		return agentidptest.Body("application/json", `{"access_token":"t","token_type":"bearer"}`)
	})
	if token, err := c.Tokens.Issue(t.Context()); err != nil || !token.ExpiresAt.IsZero() || len(token.Scopes) != 0 {
		t.Errorf("no more than RFC 6749 requires: %+v, %v", token, err)
	}
}
