package agentidp_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

func TestWhatNewRefuses(t *testing.T) {
	for says, make := range map[string]func() (*agentidp.Client, error){
		"client ID is empty":     func() (*agentidp.Client, error) { return agentidp.New("https://a", "", "sekret") },
		"client secret is empty": func() (*agentidp.Client, error) { return agentidp.New("https://a", "id", "") },
		"base URL is empty":      func() (*agentidp.Client, error) { return agentidp.New("", "id", "sekret") },
		"user or password":       func() (*agentidp.Client, error) { return agentidp.New("https://u:sekret@a", "id", "sekret") },
		"names no scope": func() (*agentidp.Client, error) {
			return agentidp.New("https://a", "id", "sekret", agentidp.WithScopes())
		},
		`"a b" is none`: func() (*agentidp.Client, error) {
			return agentidp.New("https://a", "id", "sekret", agentidp.WithScopes("a b"))
		},
		"is negative": func() (*agentidp.Client, error) {
			return agentidp.New("https://a", "id", "sekret", agentidp.WithTimeout(-1))
		},
		"fewer than none": func() (*agentidp.Client, error) {
			return agentidp.New("https://a", "id", "sekret", agentidp.WithMaxRetries(-1))
		},
	} {
		c, err := make()
		if c != nil || err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "agentidp: ") || strings.Contains(err.Error(), "sekret") {
			t.Errorf("want an error that says %q, got %v", says, err)
		}
	}
	if _, err := agentidp.New("https://a", "id", "sekret", nil); err != nil {
		t.Errorf("no option: %v", err)
	}
}

// The client below a path, with another client's transport, and no retries.
func TestOptions(t *testing.T) {
	idp := agentidptest.New()
	used := 0
	transport := handlerTransport{http.StripPrefix("/idp", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { used++; idp.ServeHTTP(w, r) }))}
	c, err := agentidp.New("https://a.example/idp/", idp.ClientID(), idp.ClientSecret(), agentidp.WithHTTPClient(&http.Client{Transport: transport}), agentidp.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil || used != 2 {
		t.Errorf("%d requests, %v", used, err)
	}
	idp.Fault(first(1<<30, "agents.get", agentidptest.Status(503)))
	_, _ = c.Agents.Get(t.Context(), idp.ClientID())
	same(t, "requests without retries", idp.Count("agents.get"), 2)
	same(t, "client", c.ClientID(), idp.ClientID())
}

// The timeout is of an attempt; fetching a token is none.
func TestTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp := agentidptest.New()
		slow := func(d time.Duration) agentidptest.Fault {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(d)
				next.ServeHTTP(w, r)
			}
		}
		idp.Fault(func(op string, n int) agentidptest.Fault {
			if n <= 2 {
				return slow(4 * time.Second)
			}
			return nil
		})
		s := memhttp.New(t, idp)
		c, err := agentidp.New(s.URL(), idp.ClientID(), idp.ClientSecret(), agentidp.WithHTTPClient(s.Client()), agentidp.WithTimeout(3*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < 18*time.Second || took > 21*time.Second {
			t.Errorf("took %v, want four timeouts of 3 s and the delays", took)
		}
	})
}
