package sentrial_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// TestFollowersAreAskedFirst: what a follower holds back is delivered by the Flush or Close that asks for it, and only Close says that it is the last one.
func TestFollowersAreAskedFirst(t *testing.T) {
	var w wire
	client := newClient(t, &w)
	session := client.Session("s")
	var asked []string
	attach.Follow(client, func(context.Context) { panic("a follower of somebody else's") })
	attach.Follow(client, func(ctx context.Context) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a follower was given all the time in the world")
		}
		id := session.TrackStep(ctx, types.Step{Name: "held back"})
		if asked = append(asked, id); id == "" || attach.Closing(ctx) != (len(asked) == 2) {
			t.Errorf("call %d: id %q, closing %v", len(asked), id, attach.Closing(ctx))
		}
	})
	stop := attach.Follow(client, func(context.Context) { t.Error("called after stop") })
	stop()
	stop()
	if err := client.Flush(t.Context()); err != nil || len(w.events(t)) != 1 {
		t.Errorf("Flush = %v, %d events, want the one that was held back", err, len(w.events(t)))
	}
	if err := client.Close(t.Context()); err != nil || len(w.events(t)) != 2 {
		t.Errorf("Close = %v, %d events, want one more", err, len(w.events(t)))
	}
	_, _ = client.Flush(t.Context()), client.Close(t.Context())
	if len(asked) != 2 {
		t.Errorf("asked %d times, want no more after the first Close", len(asked))
	}
}

// TestRefusedElsewhere: an event that a bridge could not take is accounted for as one that the client refused itself.
func TestRefusedElsewhere(t *testing.T) {
	var drops dropped
	client := newClient(t, new(wire), sentrial.WithOnDrop(drops.add))
	cause := errors.New("too many spans")
	attach.Refuse(client, string(sentrial.DropOverflow), &types.Event{ID: "e1", SessionID: "s1", Type: types.EventLLMCall}, cause)
	attach.Refuse(client, string(sentrial.DropInvalid), nil, nil)
	if stats := client.Stats(); stats.Refused[sentrial.DropOverflow] != 1 || stats.Refused[sentrial.DropInvalid] != 1 || stats.Accepted != 0 {
		t.Errorf("stats = %+v", stats)
	}
	client.Close(t.Context())
	want := []sentrial.Drop{
		{Reason: sentrial.DropOverflow, EventID: "e1", SessionID: "s1", Type: types.EventLLMCall, Err: cause}, {Reason: sentrial.DropInvalid},
	}
	if got := drops.all(); !slices.Equal(got, want) {
		t.Errorf("OnDrop heard %+v, want %+v", got, want)
	}
}

func TestHosts(t *testing.T) {
	for url, want := range map[string]string{
		"http://127.0.0.1": "127.0.0.1:80", "https://API.example.com/v2": "api.example.com:443", "http://[::1]:7437": "[::1]:7437",
	} {
		client := newClient(t, noNetwork(t).Transport, sentrial.WithAPIURL(url), sentrial.WithAPIKey("key-of-a-test"))
		if got := attach.Hosts(client); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %s", url, got, want)
		}
	}
}

// TestNothingToAttachTo: clients that record nothing, and what is none.
func TestNothingToAttachTo(t *testing.T) {
	disabled, err := sentrial.New(sentrial.WithAPIURL("https://api.example.com"), sentrial.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range []any{nil, (*sentrial.Client)(nil), disabled, http.DefaultClient} {
		attach.Follow(client, func(context.Context) { t.Errorf("%T: called", client) })()
		attach.Refuse(client, string(sentrial.DropInvalid), nil, nil)
		if hosts := attach.Hosts(client); hosts != nil {
			t.Errorf("%T: hosts %q", client, hosts)
		}
	}
	_, _ = disabled.Flush(t.Context()), disabled.Close(t.Context())
}

type clientHook struct{ clients []*sentrial.Client }

func (h *clientHook) OnClient(c *sentrial.Client) {
	h.clients = append(h.clients, c)
	panic("of the hook's own")
}

// TestHookSeesItsClient once, and none that records nothing.
func TestHookSeesItsClient(t *testing.T) {
	var hook clientHook
	client := newClient(t, new(wire), sentrial.WithHook(&hook))
	if !slices.Equal(hook.clients, []*sentrial.Client{client}) {
		t.Errorf("it saw %v, want %p", hook.clients, client)
	}
	if _, err := sentrial.New(sentrial.WithAPIURL("https://api.example.com"), sentrial.WithHook(&hook), sentrial.WithLogger(slog.New(slog.DiscardHandler))); err != nil || len(hook.clients) != 1 {
		t.Errorf("error %v; shown %d clients, want not the one without a key", err, len(hook.clients))
	}
}
