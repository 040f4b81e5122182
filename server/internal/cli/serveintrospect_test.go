//go:build unix

package cli_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// TestAnAgentRecordsUnderItsOwnIdentity: an agent that AgentIdP knows sends its events with its token. The server asks with a token of its own.
func TestAnAgentRecordsUnderItsOwnIdentity(t *testing.T) {
	idp := agentidptest.Start(t)
	serverID, serverSecret := idp.NewAgent("sentrial@example.org")
	agentID, agentSecret := idp.NewAgent("agent@example.org")
	db := filepath.Join(t.TempDir(), "s.db")
	key, _ := created(t, "--db", db, "--project", "fleet", "--scope", "sessions:read")
	c := start(t, []string{"SENTRIAL_INTROSPECT_CLIENT_ID=" + serverID, "SENTRIAL_INTROSPECT_CLIENT_SECRET=" + serverSecret},
		"serve", "--addr", "127.0.0.1:0", "--db", db, "--log", "debug", "--introspect", idp.URL()+"/api/v1/token/introspect",
		"--introspect-token-url", idp.URL()+"/api/v1/token", "--introspect-scope", "tokens:read", "--introspect-project", "fleet", "--introspect-require", "agents:read")
	url, _ := c.address(t)
	listed := func() string {
		return succeed(t, "sessions", "list", "--url", url, "--api-key", key)
	}

	agent := connectAgentIDP(t, idp, agentID, agentSecret)
	record(t, url, agent, "under its own identity")
	if got := listed(); !strings.Contains(got, "under its own identity") {
		t.Errorf("the server has\n%s", got)
	}
	idp.ExpireTokens() // the agent's and the server's: both fetch another one
	record(t, url, agent, "with another token")
	idp.Fault(func(op string, n int) agentidptest.Fault {
		if op == "tokens.introspect" && n%2 == 1 {
			return agentidptest.Status(http.StatusServiceUnavailable)
		}
		return nil
	})
	agent.ClearTokenCache()
	record(t, url, agent, "while the provider is ill")
	idp.Fault(nil)
	if got := listed(); !strings.Contains(got, "with another token") || !strings.Contains(got, "while the provider is ill") {
		t.Errorf("the server has\n%s", got)
	}

	limited := connectAgentIDP(t, idp, agentID, agentSecret, agentidp.WithScopes(agentidp.ScopeTokensRead))
	for what, token := range map[string]string{"made for something else": tokenOf(t, limited), "nobody's": "tok_nobody"} {
		if got := statusWith(t, url+"/v1/sessions", token); got != http.StatusUnauthorized {
			t.Errorf("a token %s: %d", what, got)
		}
	}
	good := tokenOf(t, agent)
	if got := statusWith(t, url+"/v1/sessions", good); got != http.StatusForbidden {
		t.Errorf("the agent's token, to read: %d", got)
	}
	c.signal(t, syscall.SIGTERM)
	code, log := c.end(t)
	if code != 0 {
		t.Errorf("exit %d", code)
	}
	if !strings.Contains(log, "by=idp:"+agentID) {
		t.Errorf("the log does not say who it was:\n%s", log)
	}
	for _, secret := range []string{good, serverSecret, agentSecret, key} {
		if strings.Contains(log, secret) {
			t.Errorf("a secret is in the log:\n%s", log)
		}
	}
}

func connectAgentIDP(t *testing.T, idp *agentidptest.Server, id, secret string, opts ...agentidp.Option) *agentidp.Client {
	t.Helper()
	c, err := agentidp.New(idp.URL(), id, secret, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// record sends a session to the server, all of it.
func record(t *testing.T, url string, as *agentidp.Client, name string) {
	t.Helper()
	client, err := sentrial.New(sentrial.WithAPIURL(url), sentrial.WithTokenSource(as.TokenSource()))
	if err != nil {
		t.Fatal(err)
	}
	err = client.Run(t.Context(), name, func(ctx context.Context) error {
		_, err := as.Agents.Get(ctx, as.ClientID())
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := client.Stats(); s.Delivered != s.Accepted || s.Accepted < 3 {
		t.Errorf("%s: %+v", name, s)
	}
}

func tokenOf(t *testing.T, c *agentidp.Client) string {
	t.Helper()
	token, err := c.TokenSource().Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// statusWith is what a request with that token is answered.
func statusWith(t *testing.T, url, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestServeIntrospectionThatIsWrong(t *testing.T) {
	dir := t.TempDir()
	for args, says := range map[string]string{
		"--introspect idp.example":                                            "absolute URL",
		"--introspect http://idp.example":                                     "expected https",
		"--introspect https://idp.example --introspect-project a/b":           "project",
		"--introspect https://idp.example --introspect-token-url https://idp": "needs client ID",
		"--introspect-project p":                                              "without --introspect",
		"--introspect-require x":                                              "without --introspect",
		"--introspect-audience x":                                             "without --introspect",
	} {
		got := run(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(dir, "never.db")}, strings.Fields(args)...)...)
		if got.code != 2 || !strings.Contains(got.errors, says) {
			t.Errorf("serve %s: exit %d, stderr %q should hold %q", args, got.code, got.errors, says)
		}
	}
}
