package hivium_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// everything calls each endpoint, and gives what came back.
func everything(ctx context.Context, c *hivium.Client) (shown []any) {
	keep := func(v any, err error) { shown = append(shown, v, err) }
	contact, err := c.Contacts.Create(ctx, carla, hivium.WithIdempotencyKey("k-1"))
	keep(contact, err)
	got, err := c.Contacts.Get(ctx, contact.ID)
	keep(got, err)
	contacts, err := c.Contacts.List(ctx, hivium.ListContacts{Query: "carla"})
	keep(contacts, err)
	changed, err := c.Contacts.Update(ctx, contact.ID, hivium.UpdateContact{LastName: ptr("N.")})
	keep(changed, err)
	sent, err := c.Messages.Send(ctx, hivium.SendMessage{ContactID: contact.ID, Channel: hivium.ChannelEmail, Text: "canary text"})
	keep(sent, err)
	none, err := c.Messages.Send(ctx, hivium.SendMessage{ContactID: contact.ID, Channel: hivium.ChannelWhatsApp, Text: "canary text"})
	keep(none, err)
	messages, err := c.Messages.List(ctx, hivium.ListMessages{})
	keep(messages, err)
	conversations, err := c.Conversations.List(ctx, hivium.ListConversations{Status: hivium.ConversationActive})
	keep(conversations, err)
	runs, err := c.Runs.List(ctx, hivium.ListRuns{AgentSlug: "daily-brief"})
	keep(runs, err)
	doc, err := c.OpenAPI(ctx)
	keep(doc, err)
	keep(nil, c.Contacts.Delete(ctx, contact.ID))
	keep(c, nil)
	return shown
}

var endpoints = []string{
	"hivium.contacts.create", "hivium.contacts.get", "hivium.contacts.list", "hivium.contacts.update", "hivium.messages.send", "hivium.messages.send",
	"hivium.messages.list", "hivium.conversations.list", "hivium.agents.runs.list", "hivium.openapi.get", "hivium.contacts.delete",
}

// Every endpoint is recorded with what went in and what came out, and the key is nowhere: in no event, error, log, %+v or JSON.
func TestEveryEndpointIsRecordedWithoutTheKey(t *testing.T) {
	rec := sentrialtest.New(t)
	h := hiviumtest.Start(t)
	c := connect(t, h)
	var shown []any
	if err := rec.Client().Run(t.Context(), "s", func(ctx context.Context) error { shown = everything(ctx, c); return nil }); err != nil {
		t.Fatal(err)
	}
	var called []string
	for _, call := range rec.ToolCalls() {
		called = append(called, call.ToolName)
		describes, deletes := call.ToolName == "hivium.openapi.get", call.ToolName == "hivium.contacts.delete"
		if !describes && call.ToolInput == nil || call.Error == "" && call.ToolOutput == nil && !deletes && !describes || call.Metadata["http_status"] == nil {
			t.Errorf("%s has input %v, output %v and metadata %v", call.ToolName, call.ToolInput, call.ToolOutput, call.Metadata)
		}
	}
	if !slices.Equal(called, endpoints) {
		t.Errorf("recorded %q", called)
	}
	events := rec.Events()
	text, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"idempotency_key":"k-1"`, `carla@example.com`, `consent_missing`, `"status":"queued"`, "canary text"} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("no event has %s", part)
		}
	}
	nowhere(t, h.APIKey(), append(shown, events, rec.Timeline()))
}

// nowhere shows values in every way there is, and looks for the key; errors have no payload either.
func nowhere(t *testing.T, key string, shown []any) {
	t.Helper()
	var out bytes.Buffer
	for _, v := range shown {
		fmt.Fprintf(&out, "%v %+v %#v %s\n", v, v, v, v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		if err, ok := v.(error); ok && strings.Contains(err.Error(), "canary text") {
			t.Errorf("an error has the payload: %v", err)
		}
	}
	if strings.Contains(out.String(), key) {
		t.Error("the key shows")
	}
}

// A server that repeats the key in all of its reply does not make errors show it.
func TestAServerThatRepeatsTheKey(t *testing.T) {
	h, c := start(t, hivium.WithMaxRetries(0))
	for _, fault := range []hiviumtest.Fault{
		says(400, `{"error":{"code":"`+h.APIKey()+`","message":"your key is `+h.APIKey()+`","request_id":"`+h.APIKey()+`"}}`),
		says(200, h.APIKey()), says(500, h.APIKey()),
		func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("X-Request-Id", h.APIKey())
			w.Header().Set("Location", "https://"+h.APIKey()+".example")
			w.WriteHeader(302)
		},
	} {
		h.Fault(func(string, int) hiviumtest.Fault { return fault })
		_, err := c.Contacts.Get(t.Context(), "x")
		if err == nil {
			t.Error("no error")
		}
		nowhere(t, h.APIKey(), []any{err, errors.Unwrap(err)})
	}
}

// Nothing of sentrial's is sent to the platform, and nothing is missing without a session.
func TestThePlatformLearnsNothingOfTheSession(t *testing.T) {
	rec := sentrialtest.New(t)
	h, c := start(t)
	var names []string
	h.Fault(func(string, int) hiviumtest.Fault {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			for name := range r.Header {
				names = append(names, name)
			}
			next.ServeHTTP(w, r)
		}
	})
	err := rec.Client().Run(t.Context(), "s", func(ctx context.Context) error {
		_, err := c.Contacts.Create(ctx, carla)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if want := []string{"Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Idempotency-Key", "User-Agent"}; !slices.Equal(names, want) {
		t.Errorf("headers %q", names)
	}
	create(t, c, carla)
	if n := rec.Client().Stats().Unsessioned; n != 0 {
		t.Errorf("%d calls count as without session", n)
	}
}
