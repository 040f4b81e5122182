package chat_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

func TestTextReadsEveryFormOfContent(t *testing.T) {
	for content, want := range map[string]chat.Text{
		`"a"`:  "a",
		`null`: "",
		`[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]`: "ab",
		`[]`: "",
	} {
		var m chat.Message
		if err := json.Unmarshal([]byte(`{"content":`+content+`}`), &m); err != nil || m.Content != want {
			t.Errorf("%s: got %q, %v; want %q", content, m.Content, err, want)
		}
	}
	for _, content := range []string{`7`, `[7]`, `{}`} {
		if err := json.Unmarshal([]byte(`{"content":`+content+`}`), new(chat.Message)); err == nil {
			t.Errorf("%s was accepted", content)
		}
	}
}

// answering is an endpoint that always gives the same reply.
func answering(t *testing.T, status int, body string) chat.Endpoint {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return chat.Endpoint{BaseURL: srv.URL}
}

func TestRepliesThatAreNoAnswer(t *testing.T) {
	for _, tc := range []struct {
		status     int
		body, want string
	}{
		{401, `{"error":{"message":"wrong key"}}`, "401 Unauthorized: wrong key"},
		{502, "<html>" + strings.Repeat("x", 1000), "502 Bad Gateway: <html>xx"},
		{200, "<html>", "no chat completion"},
		{200, `{"choices":[]}`, "no choices"},
		{200, `{"error":{"message":"overloaded"}}`, "overloaded"},
	} {
		_, err := answering(t, tc.status, tc.body).Complete(t.Context(), chat.Request{})
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(err.Error()) > 400 {
			t.Errorf("%d %.20s: got %v, want %q", tc.status, tc.body, err, tc.want)
		}
		var status *chat.StatusError
		if errors.As(err, &status) != (tc.status != 200) {
			t.Errorf("%d %.20s: got a %T", tc.status, tc.body, err)
		}
	}
}

func TestAddressHidesThePassword(t *testing.T) {
	e := chat.Endpoint{BaseURL: "http://me:secret@127.0.0.1:1/v1"}
	if got := e.Address(); strings.Contains(got, "secret") || !strings.Contains(got, "127.0.0.1:1/v1") {
		t.Errorf("got %s", got)
	}
	for _, base := range []string{"http://me:secret@127.0.0.1:1/v1", "http://me:secret@[::1/v1"} {
		_, err := chat.Endpoint{BaseURL: base}.Complete(t.Context(), chat.Request{})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want an error without the password", base, err)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(`"a"`)
	f.Add(`[{"type":"text","text":"a"}]`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, content string) {
		var first, again chat.Text
		if json.Unmarshal([]byte(content), &first) != nil {
			return
		}
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &again); err != nil || again != first {
			t.Errorf("%q became %q, %v", first, again, err)
		}
	})
}
