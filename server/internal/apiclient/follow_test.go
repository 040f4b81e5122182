package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

// notes writes down what a follower hears.
type notes struct {
	text  strings.Builder
	begun time.Time
	until string // the message that is enough
}

var errEnough = errors.New("enough")

func (n *notes) Message(m apiclient.Message) error {
	fmt.Fprintf(&n.text, "%s ", m.Data)
	if string(m.Data) == n.until {
		return errEnough
	}
	return nil
}

func (n *notes) Lost(error) { fmt.Fprintf(&n.text, "lost after %v ", time.Since(n.begun)) }
func (n *notes) Back()      { fmt.Fprintf(&n.text, "back ") }

func TestAStreamGoesOnWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		var at []time.Duration
		n := &notes{begun: time.Now(), until: "c"}
		c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
			asked, at = append(asked, r.Header.Get("Last-Event-ID")), append(at, time.Since(n.begun))
			switch len(asked) {
			case 1:
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, "id: 4\n\nid: 5\ndata: a\n\ndata: cut")
			case 2:
				w.WriteHeader(http.StatusServiceUnavailable)
			case 3:
				w.Header().Set("Retry-After", "60")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"later"}}`)
			default:
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, "id: 6\ndata: b\n\nid: 7\ndata: c\n\n")
			}
		})
		err := c.Follow(t.Context(), nil, n)
		if !errors.Is(err, errEnough) || n.text.String() != "a lost after 0s back b c " || strings.Join(asked, ",") != ",5,5,5" {
			t.Errorf("Follow = %v: %q, asked for %q", err, &n.text, asked)
		}
		for i, least := range []time.Duration{0, time.Second, 3 * time.Second, 63 * time.Second} {
			if at[i] < least || at[i] > 2*least+time.Second {
				t.Errorf("attempt %d after %v, want %v", i, at[i], least)
			}
		}
	})
}

func TestAStreamThatWasNeverThereIsNotFollowed(t *testing.T) {
	c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	n := &notes{}
	if err := c.Follow(t.Context(), nil, n); err == nil || n.text.Len() > 0 {
		t.Errorf("Follow = %v, %q", err, &n.text)
	}
}

func TestAKeyThatIsRevokedEndsAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) {
			if !first {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			first = false
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, ":\n\n")
		})
		err := c.Follow(t.Context(), nil, &notes{})
		if api, ok := errors.AsType[*apiclient.Error](err); !ok || api.Status != 401 {
			t.Errorf("Follow = %v", err)
		}
	})
}

func TestFollowingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: a\n\n")
			<-r.Context().Done()
		})
		n := &notes{begun: time.Now()}
		if err := c.Follow(ctx, nil, n); !errors.Is(err, context.DeadlineExceeded) || n.text.String() != "a " {
			t.Errorf("Follow = %v, %q", err, &n.text)
		}
	})
}
