package agentidp_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// handlerTransport is a connection to a handler, without a network.
type handlerTransport struct{ http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

// One request in five is answered 503, for every operation: nobody notices but the clock.
func TestOneInFiveFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		idp.Fault(func(_ string, n int) agentidptest.Fault {
			if n%5 == 1 {
				return agentidptest.Status(http.StatusServiceUnavailable)
			}
			return nil
		})
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		same(t, "requests", idp.Count("agents.get"), 250)
	})
}

// What would do harm twice is sent once: the reply to a registration may be lost after it was done.
func TestWhatIsSentOnce(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	request := agentidp.RegisterAgent{Email: "a@b.c", AgentType: "x", Version: "1", Owner: "o", DeploymentEnv: "d"}
	for _, f := range []agentidptest.Fault{agentidptest.Status(503), agentidptest.LostReply()} {
		idp.Fault(first(1<<30, "agents.register", f))
		if _, err := c.Agents.Register(t.Context(), request); err == nil {
			t.Error("no error")
		}
	}
	same(t, "registrations", idp.Count("agents.register"), 2)
	idp.Fault(nil)
	if _, err := c.Agents.Register(t.Context(), request); !errors.Is(err, agentidp.ErrAgentExists) {
		t.Errorf("after the reply was lost: %v", err)
	}
	idp.Fault(first(1<<30, "credentials.generate", agentidptest.LostReply()))
	if _, err := c.Credentials.Generate(t.Context(), idp.ClientID()); !errors.Is(err, agentidp.ErrNetwork) {
		t.Errorf("generated: %v", err)
	}
	same(t, "credentials", idp.Count("credentials.generate"), 1)
}

// Lost, cut and garbled replies after the work was done: the second attempt finds it done, and that is no error.
func TestRepliesThatAreLostAfterCommit(t *testing.T) {
	for name, f := range map[string]agentidptest.Fault{
		"lost": agentidptest.LostReply(), "cut": agentidptest.CutReply(), "garbled": agentidptest.Body("text/html", "<html>"), "wrong": agentidptest.Body("application/json", `{"x":`),
	} {
		synctest.Test(t, func(t *testing.T) {
			idp, c := inMemory(t)
			ctx := t.Context()
			agent := register(t, c, "a@b.c").AgentID
			cred, err := c.Credentials.Generate(ctx, agent)
			if err != nil {
				t.Fatal(err)
			}
			token, err := c.Tokens.Issue(ctx)
			if err != nil {
				t.Fatal(err)
			}
			idp.Fault(func(op string, n int) agentidptest.Fault {
				silent := op == "credentials.revoke" || op == "agents.decommission" || op == "tokens.revoke" // whose body is nobody's business
				if n == 1 && !(silent && (name == "garbled" || name == "wrong")) {
					return f
				}
				return nil
			})
			rotated, err := c.Credentials.Rotate(ctx, agent, cred.CredentialID)
			if err != nil {
				t.Fatalf("%s: rotate: %v", name, err)
			}
			if err := c.Tokens.Revoke(ctx, token.AccessToken); err != nil {
				t.Errorf("%s: revoke a token: %v", name, err)
			}
			if got, err := c.Tokens.Introspect(ctx, token.AccessToken); err != nil || got.Active {
				t.Errorf("%s: introspect: %+v, %v", name, got, err)
			}
			if got, err := c.Agents.Update(ctx, agent, agentidp.UpdateAgent{Version: "3"}); err != nil || got.Version != "3" {
				t.Errorf("%s: update: %+v, %v", name, got, err)
			}
			if got, err := c.Credentials.List(ctx, agent, agentidp.PageOptions{}); err != nil || got.Data[0].CredentialID != rotated.CredentialID {
				t.Errorf("%s: list: %+v, %v", name, got, err)
			}
			if err := c.Credentials.Revoke(ctx, agent, cred.CredentialID); err != nil {
				t.Errorf("%s: revoke: %v", name, err)
			}
			if err := c.Agents.Decommission(ctx, agent); err != nil {
				t.Errorf("%s: decommission: %v", name, err)
			}
			if got, err := c.Agents.Get(ctx, agent); err != nil || got.Status != agentidp.AgentDecommissioned {
				t.Errorf("%s: get: %+v, %v", name, got, err)
			}
		})
	}
}

// A storm of 429 is waited out as it asks, and ends with the attempts.
func TestAStormOf429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		idp.Fault(first(3, "agents.get", agentidptest.RetryAfter(http.StatusTooManyRequests, 20*time.Second)))
		began := time.Now()
		_, err := c.Agents.Get(t.Context(), idp.ClientID())
		if took := time.Since(began); err != nil || took < time.Minute || took > 63500*time.Millisecond { // half of 1 s, 2 s and 4 s more, so that clients do not come back together
			t.Errorf("after %v: %v", took, err)
		}
		idp.Fault(first(1<<30, "agents.get", agentidptest.RetryAfter(http.StatusTooManyRequests, time.Second)))
		began = time.Now()
		_, err = c.Agents.Get(t.Context(), idp.ClientID())
		var e *agentidp.Error
		if !errors.Is(err, agentidp.ErrRateLimited) || !errors.As(err, &e) || e.Attempts != 4 || !strings.Contains(e.Error(), "after 4 attempts") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took < 7*time.Second || took > 11*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// Tokens are fetched in spite of faults too, and none of them makes two.
func TestFaultsOfTheTokenEndpoint(t *testing.T) {
	for name, f := range map[string]agentidptest.Fault{
		"503": agentidptest.Status(503), "lost": agentidptest.LostReply(), "none": agentidptest.NoReply(), "cut": agentidptest.CutReply(),
		"429": agentidptest.RetryAfter(429, time.Second), "page": agentidptest.Body("text/html", "x"),
	} {
		synctest.Test(t, func(t *testing.T) {
			idp, c := inMemory(t)
			idp.Fault(first(2, "tokens.issue", f))
			if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil || idp.Count("tokens.issue") != 3 {
				t.Errorf("%s: %d requests, %v", name, idp.Count("tokens.issue"), err)
			}
		})
	}
}

// Neither secret nor token reaches what a redirect names: another host, another port, or another path.
func TestRedirectsGetNothing(t *testing.T) {
	var leaked sync.Map
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked.Store(r.URL.Path, r.Header) }))
	defer other.Close()
	for _, target := range []string{other.URL, strings.Replace(other.URL, "127.0.0.1", "localhost", 1), "https://other.example", ""} {
		for _, op := range []string{"tokens.issue", "agents.get", "agents.register"} {
			for _, status := range []int{301, 302, 303, 307, 308} {
				idp := agentidptest.Start(t)
				c := connect(t, idp)
				idp.Fault(first(1<<30, op, agentidptest.Redirect(status, target+"/leak")))
				_, err := c.Agents.Get(t.Context(), idp.ClientID())
				if op == "agents.register" {
					_, err = c.Agents.Register(t.Context(), agentidp.RegisterAgent{Email: "a@b"})
				}
				var e *agentidp.Error
				if !errors.As(err, &e) || e.HTTPStatus != status {
					t.Errorf("%s to %s with %d: %v", op, target, status, err)
				}
			}
		}
	}
	leaked.Range(func(path, header any) bool {
		t.Errorf("%v was asked for with %v", path, header)
		return true
	})
}

func TestManyAtOnce(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			agent := register(t, c, fmt.Sprintf("a%d@b.c", i)).AgentID
			cred, err := c.Credentials.Generate(t.Context(), agent)
			if err != nil {
				t.Error(err)
				return
			}
			own := connectAs(t, idp, agent, cred.ClientSecret.Reveal())
			if _, err := own.Agents.Get(t.Context(), agent); err != nil {
				t.Error(err)
			}
			c.ClearTokenCache()
			if err := c.Agents.Decommission(t.Context(), agent); err != nil {
				t.Error(err)
			}
			if _, err := own.Agents.Get(t.Context(), agent); !errors.Is(err, agentidp.ErrInvalidClient) {
				t.Errorf("after it was decommissioned: %v", err)
			}
		})
	}
	wg.Wait()
}
