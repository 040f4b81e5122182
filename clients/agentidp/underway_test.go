package agentidp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// echo answers with the form as it came, and decoded: whatever was in it may be in the error.
func echo(status int) agentidptest.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_ = r.ParseForm()
		w.Header().Set("X-Request-Id", r.PostForm.Get("token"))
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"code":"X","message":"%s, %v, %s"}`, r.PostForm.Encode(), r.PostForm, r.Header.Get("Authorization"))
	}
}

// A token that is asked about, and the secret that a token is fetched with, show in no error and no event, whatever the server repeats and however the call ends.
func TestWhatWasSentIsNotRepeated(t *testing.T) {
	const token, secret = agentidp.Secret("canary/token+1"), agentidp.Secret("canary secret=2")
	idp := agentidptest.Start(t)
	rec := sentrialtest.New(t)
	var errs []error
	_ = rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		c := connect(t, idp, agentidp.WithMaxRetries(1))
		if _, err := c.TokenSource().Token(ctx); err != nil {
			t.Fatal(err)
		}
		idp.Fault(func(string, int) agentidptest.Fault { return echo(http.StatusServiceUnavailable) })
		hasty, cancel := context.WithTimeout(ctx, 500*time.Millisecond) // not tried again: there is no time
		defer cancel()
		_, err := c.Tokens.Introspect(hasty, token)
		errs = append(errs, err, c.Tokens.Revoke(hasty, token))
		idp.Fault(func(string, int) agentidptest.Fault { return echo(http.StatusBadRequest) })
		_, err = c.Tokens.Introspect(ctx, token)
		errs = append(errs, err, c.Tokens.Revoke(ctx, token))
		mine := connectAs(t, idp, idp.ClientID(), secret.Reveal())
		_, err = mine.Tokens.Issue(ctx)
		errs = append(errs, err)
		idp.Fault(func(string, int) agentidptest.Fault {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				mine.SetClientSecret("another") // while the other one is under way
				echo(http.StatusBadRequest)(w, r, next)
			}
		})
		_, err = mine.Tokens.Issue(ctx)
		errs = append(errs, err)
		return nil
	})
	events, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%+v %s", errs, events)
	for i, err := range errs {
		if e := new(agentidp.Error); !errors.As(err, &e) || !strings.Contains(err.Error(), "[hidden]") {
			t.Errorf("call %d: %v", i, err)
		}
	}
	for _, s := range []agentidp.Secret{token, secret} {
		if strings.Contains(shown, s.Reveal()) || strings.Contains(shown, url.QueryEscape(s.Reveal())) {
			t.Errorf("it shows in %s", shown)
		}
	}
}

// Neither a client nor a source of tokens shows what it has, also in the middle of a call: fmt calls no methods of fields that are not exported.
func TestClientsAndSourcesDoNotShowWhatTheyHave(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	source := c.TokenSource()
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	show := func() {
		for _, v := range []any{c, *c, source, struct{ x any }{source}} {
			_, _ = fmt.Fprintf(&out, "%v %+v %#v\n", v, v, v)
			slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		}
	}
	show()
	idp.Fault(func(string, int) agentidptest.Fault {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			show()
			next.ServeHTTP(w, r)
		}
	})
	if _, err := c.Tokens.Introspect(t.Context(), "canary"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Tokens.Issue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token, "canary", idp.ClientSecret()} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%.3s… shows in %s", secret, &out)
		}
	}
}
