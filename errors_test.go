package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var sentinels = []error{
	sentrial.ErrClosed, sentrial.ErrUnauthorized, sentrial.ErrForbidden, sentrial.ErrNotFound, sentrial.ErrRateLimited, sentrial.ErrUnsupported,
}

func TestAPIErrorIsTheSentinelOfItsStatus(t *testing.T) {
	for status, want := range map[int]error{
		http.StatusUnauthorized: sentrial.ErrUnauthorized, http.StatusForbidden: sentrial.ErrForbidden, http.StatusNotFound: sentrial.ErrNotFound,
		http.StatusTooManyRequests: sentrial.ErrRateLimited, http.StatusInternalServerError: nil, 0: nil,
	} {
		err := fmt.Errorf("wrapped: %w", &sentrial.APIError{Status: status})
		for _, sentinel := range sentinels {
			if got := errors.Is(err, sentinel); got != (sentinel == want) { //nolint:errorlint // identity is what is tested
				t.Errorf("status %d is %v: %v", status, sentinel, got)
			}
		}
	}
}

func TestAPIErrorText(t *testing.T) {
	for want, err := range map[string]*sentrial.APIError{
		"sentrial: server replied 500":                                     {Status: 500},
		"sentrial: server replied 403 insufficient_scope: no (request r1)": {Status: 403, Code: "insufficient_scope", Message: "no", RequestID: "r1"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOptionErrorText(t *testing.T) {
	for want, err := range map[string]*sentrial.OptionError{
		`sentrial: A="b": want c`: {Name: "A", Value: "b", Want: "c"},
		`sentrial: A: want c`:     {Name: "A", Want: "c"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestIncompleteErrorSaysWhatIsLeftAndWhy, for Flush and for Close.
func TestIncompleteErrorSaysWhatIsLeftAndWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			return jsonReply(r, http.StatusForbidden, `{"error":{"code":"insufficient_scope","message":"read only"}}`), nil
		}))
		session := client.Session("s")
		session.TrackStep(t.Context(), types.Step{Name: "1"})
		session.TrackStep(t.Context(), types.Step{Name: "2"})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for name, err := range map[string]error{"Flush": client.Flush(ctx), "Close": client.Close(ctx)} {
			var incomplete *sentrial.IncompleteError
			var api *sentrial.APIError
			if !errors.As(err, &incomplete) || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, sentrial.ErrForbidden) || !errors.As(err, &api) {
				t.Errorf("%s gave %v, want an *IncompleteError of the deadline and the server's refusal", name, err)
				continue
			}
			if text := err.Error(); !strings.Contains(text, "2 events") || !strings.Contains(text, "deadline") || !strings.Contains(text, "read only") {
				t.Errorf("%s gave %q, want how many events and why", name, text)
			}
		}
		if s := client.Stats(); s.Accepted != 2 || s.Dropped[sentrial.DropClosed] != 2 || s.Queued != 0 {
			t.Errorf("stats = %+v, want both events dropped as closed", s)
		}
	})
}

func TestClosedClient(t *testing.T) {
	client := newClient(t, &wire{})
	if err := errors.Join(client.Close(t.Context()), client.Close(t.Context())); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	_, getErr := client.GetSession(t.Context(), "s")
	for name, err := range map[string]error{"Flush": client.Flush(t.Context()), "GetSession": getErr, "ListSessions": firstError(client.ListSessions(t.Context(), sentrial.SessionQuery{})), "Events": firstError(client.Events(t.Context(), "s"))} {
		if !errors.Is(err, sentrial.ErrClosed) {
			t.Errorf("%s gave %v, want ErrClosed", name, err)
		}
	}
}
