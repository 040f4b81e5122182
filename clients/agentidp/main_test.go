package agentidp_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// connect gives a client of idp, which has the identity of its first agent.
func connect(t *testing.T, idp *agentidptest.Server, opts ...agentidp.Option) *agentidp.Client {
	t.Helper()
	return connectAs(t, idp, idp.ClientID(), idp.ClientSecret(), opts...)
}

func connectAs(t *testing.T, idp *agentidptest.Server, id, secret string, opts ...agentidp.Option) *agentidp.Client {
	t.Helper()
	c, err := agentidp.New(idp.URL(), id, secret, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// inMemory gives a platform and its client for a bubble.
func inMemory(t *testing.T, opts ...agentidptest.Option) (*agentidptest.Server, *agentidp.Client) {
	t.Helper()
	idp := agentidptest.New(opts...)
	s := memhttp.New(t, idp)
	c, err := agentidp.New(s.URL(), idp.ClientID(), idp.ClientSecret(), agentidp.WithHTTPClient(s.Client()))
	if err != nil {
		t.Fatal(err)
	}
	return idp, c
}

// first makes the first n requests of an operation fail.
func first(n int, operation string, f agentidptest.Fault) agentidptest.Faults {
	return func(op string, count int) agentidptest.Fault {
		if op == operation && count <= n {
			return f
		}
		return nil
	}
}

// register makes an agent that may be done with as a test likes.
func register(t *testing.T, c *agentidp.Client, email string) *agentidp.Agent {
	t.Helper()
	a, err := c.Agents.Register(t.Context(), agentidp.RegisterAgent{
		Email: email, AgentType: "classifier", Version: "2.0.0", Capabilities: []string{"text-classification"}, Owner: "platform-team", DeploymentEnv: "production",
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
