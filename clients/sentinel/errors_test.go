package sentinel_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestErrorsByStatus(t *testing.T) {
	all := []error{
		sentinel.ErrBadRequest, sentinel.ErrUnauthorized, sentinel.ErrForbidden, sentinel.ErrNotFound, sentinel.ErrTooLarge, sentinel.ErrRateLimited, sentinel.ErrUnavailable,
	}
	for status, want := range map[int]error{
		400: sentinel.ErrBadRequest, 401: sentinel.ErrUnauthorized, 403: sentinel.ErrForbidden, 404: sentinel.ErrNotFound, 413: sentinel.ErrTooLarge,
		429: sentinel.ErrRateLimited, 500: sentinel.ErrUnavailable, 502: sentinel.ErrUnavailable, 503: sentinel.ErrUnavailable, 504: sentinel.ErrUnavailable, 418: nil,
	} {
		platform := sentineltest.Start(t)
		client := newClient(t, platform.URL(), sentinel.WithAccessToken(platform.Token()), sentinel.WithMaxRetries(0))
		platform.Inject(sentineltest.Fault{Status: status, Detail: "so it is"})
		err := calls["send"](t.Context(), client)
		failed := wantAs[*sentinel.APIError](t, err)
		if failed.Status != status || failed.Detail != "so it is" || failed.Attempts != 1 || !strings.Contains(err.Error(), "after 1 attempt: so it is") {
			t.Errorf("%d: got %v", status, err)
		}
		for _, sentinelError := range all {
			if errors.Is(err, sentinelError) != errors.Is(want, sentinelError) {
				t.Errorf("%d: is %v: %v", status, sentinelError, errors.Is(err, sentinelError))
			}
		}
		var auth *sentinel.AuthError
		var limited *sentinel.RateLimitError
		if errors.As(err, &auth) != (status == 401 || status == 403) || errors.As(err, &limited) != (status == 429) {
			t.Errorf("%d: as AuthError %v, as RateLimitError %v", status, auth, limited)
		}
	}
}

func TestDetail(t *testing.T) {
	for body, want := range map[string]string{
		`{"detail": "no such thing"}`: "no such thing",
		`{"detail": "two\nlines"}`:    "two lines",
		`{"detail": ""}`:              "Bad Request",
		`{"detail": {"code": 3}}`:     "Bad Request",
		`{}`:                          "Bad Request",
		`[1]`:                         "Bad Request",
		``:                            "Bad Request",
		`<html>a page</html>`:         "Bad Request",
		`{"detail": "` + strings.Repeat("x", 600) + `"}`: strings.Repeat("x", 512),
		`{"detail": [{"loc": ["body", "file"], "msg": "Field required", "input": "the content"}, {"loc": ["body", 0], "msg": "too long"}]}`: "body.file: Field required; body.0: too long",
		`{"detail": [{"msg": "no place"}]}`: "no place",
	} {
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", "req_7")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, body)
		}))
		failed := wantAs[*sentinel.APIError](t, calls["get"](t.Context(), client))
		if failed.Detail != want || failed.RequestID != "req_7" {
			t.Errorf("%s: got %q of %q, want %q", body, failed.Detail, failed.RequestID, want)
		}
	}
}

func TestDetailOfAnUnknownStatus(t *testing.T) {
	platform, client := started(t)
	platform.Inject(sentineltest.Fault{Status: 499})
	if failed := wantAs[*sentinel.APIError](t, calls["send"](t.Context(), client)); failed.Detail != "status 499" {
		t.Errorf("got %q", failed.Detail)
	}
}

func TestRepliesThatAreNotUnderstood(t *testing.T) {
	for body, why := range map[string]string{
		`{}`:             "it has no ",
		`null`:           "it has no ",
		`{"doc_id": {}}`: "it has no ",
		`[]`:             "JSON array",
		`"text"`:         "JSON string",
		`{"doc_id": "d"`: "not the JSON",
		``:               "not the JSON",
		`{"content": " `: "not the JSON",
	} {
		for name, call := range calls {
			client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				_, _ = io.WriteString(w, body)
			}), sentinel.WithMaxRetries(0))
			garbled := wantAs[*sentinel.ReplyError](t, call(t.Context(), client))
			if garbled.Status != 200 || !strings.Contains(garbled.Why, why) || garbled.Uncertain != (name != "get") {
				t.Errorf("%s: %s: got %v, want %q", name, body, garbled, why)
			}
		}
	}
}

func TestRepliesThatAreUnderstood(t *testing.T) {
	for body, want := range map[string]string{
		`{"message_id": "m1", "content": "yes", "new": {"field": 1}}`: "m1 s yes",
		`{"id": 12, "response": "yes", "session_id": "other"}`:        "12 other yes",
		`{"message": {"role": "assistant", "content": "yes"}}`:        " s yes",
		`{"reply": "yes", "content": null}`:                           " s yes",
	} {
		answer, err := clientOf(t, jsonReply(body)).Chat.Send(t.Context(), "s", "hello")
		noError(t, err)
		if got := strings.Join([]string{answer.ID, answer.SessionID, answer.Content}, " "); got != want || string(answer.Raw) != body {
			t.Errorf("%s: got %q with %s", body, got, answer.Raw)
		}
	}
}

func jsonReply(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

func TestProgressIsUnderstood(t *testing.T) {
	percent := func(p float64) *float64 { return &p }
	for body, want := range map[string]sentinel.Progress{
		`{"status": "PENDING"}`:                                {DocumentID: "d", State: sentinel.StateQueued},
		`{"state": "in-progress", "progress": 45}`:             {DocumentID: "d", State: sentinel.StateProcessing, Percent: percent(45)},
		`{"status": "Indexing", "percent": "12.5%"}`:           {DocumentID: "d", State: "indexing", Percent: percent(12.5)},
		`{"status": "done", "percentage": 0, "stage": "last"}`: {DocumentID: "d", State: sentinel.StateCompleted, Percent: percent(0), Stage: "last"},
		`{"status": "error", "error": "no\ntext", "id": 4}`:    {DocumentID: "4", State: sentinel.StateFailed, Reason: "no text"},
		`{"status": "canceled", "progress": 900}`:              {DocumentID: "d", State: sentinel.StateCancelled},
		`{"status": "ready", "progress": "much"}`:              {DocumentID: "d", State: sentinel.StateCompleted},
	} {
		got, err := clientOf(t, jsonReply(body)).Documents.Get(t.Context(), "d")
		noError(t, err)
		if (got.Percent == nil) != (want.Percent == nil) || got.Percent != nil && *got.Percent != *want.Percent {
			t.Errorf("%s: percent %v, want %v", body, got.Percent, want.Percent)
		}
		if got.DocumentID != want.DocumentID || got.State != want.State || got.Stage != want.Stage || got.Reason != want.Reason {
			t.Errorf("%s: got %+v", body, got)
		}
	}
}

func TestIDsAndMessagesAreChecked(t *testing.T) {
	platform, client := started(t)
	for _, id := range []string{"", ".", ".."} {
		_, err1 := client.Documents.Get(t.Context(), id)
		_, err2 := client.Documents.Wait(t.Context(), id)
		_, err3 := client.Chat.Send(t.Context(), id, "hello")
		if err1 == nil || err2 == nil || err3 == nil {
			t.Errorf("%q: %v, %v, %v", id, err1, err2, err3)
		}
	}
	if _, err := client.Chat.Send(t.Context(), "s", " \n"); err == nil {
		t.Error("an empty message was taken")
	}
	if n := len(platform.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	if _, err := client.Chat.Send(t.Context(), "a/b c?d", "hello"); err != nil || len(platform.Messages("a/b c?d")) != 2 {
		t.Errorf("got %v, and %v", err, platform.Messages("a/b c?d"))
	}
}
