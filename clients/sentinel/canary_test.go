package sentinel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

const (
	tokenCanary   = "canary-token-4f1c<&>"
	contentCanary = "canary-content-77aa"
)

// TestCanary: a platform that repeats whatever it is sent, in every way, does not get the token, nor a document's content, into an error or an event.
func TestCanary(t *testing.T) {
	for name, reply := range map[string]func(w http.ResponseWriter, all string){
		"detail":    func(w http.ResponseWriter, all string) { jsonStatus(w, 401, map[string]any{"detail": all}) },
		"forbidden": func(w http.ResponseWriter, all string) { jsonStatus(w, 403, map[string]any{"detail": all}) },
		"list": func(w http.ResponseWriter, all string) {
			jsonStatus(w, 422, map[string]any{"detail": []any{map[string]any{"loc": []any{"header", all}, "msg": all, "input": all}}})
		},
		"header": func(w http.ResponseWriter, all string) {
			w.Header().Set("X-Request-Id", all)
			jsonStatus(w, 400, map[string]any{"detail": "x"})
		},
		"page":     func(w http.ResponseWriter, all string) { w.WriteHeader(500); _, _ = io.WriteString(w, all) },
		"garbled":  func(w http.ResponseWriter, all string) { jsonStatus(w, 200, all) },
		"redirect": func(w http.ResponseWriter, all string) { w.Header().Set("Location", "http://"+all); w.WriteHeader(302) },
		"failed": func(w http.ResponseWriter, all string) {
			jsonStatus(w, 200, map[string]any{"doc_id": "d", "status": "failed", "error": all, "stage": all, "content": all})
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				reply(w, "you sent "+r.Header.Get("Authorization"))
			})
			server := memhttp.New(t, h)
			client := newClient(t, server.URL(), sentinel.WithAccessToken(tokenCanary), sentinel.WithHTTPClient(server.Client()), sentinel.WithMaxRetries(0))
			var errs []error
			inSession(t, rec, func(ctx context.Context) {
				_, errUpload := client.Documents.Upload(ctx, "a.txt", strings.NewReader(contentCanary))
				_, errGet := client.Documents.Get(ctx, "d")
				_, errWait := client.Documents.Wait(ctx, "d")
				_, errSend := client.Chat.Send(ctx, "s", "hello")
				errs = []error{errUpload, errGet, errWait, errSend}
			})
			if errors.Join(errs...) == nil {
				t.Error("no error at all")
			}
			withoutCanaries(t, "an error", shown(errs)...)
			events, err := json.Marshal(rec.Events())
			noError(t, err)
			withoutCanaries(t, "an event", string(events), rec.Timeline())
		})
	}
}

func shown(errs []error) (all []string) {
	for _, err := range errs {
		encoded, _ := json.Marshal(err) // what cannot be encoded shows nothing
		all = append(all, fmt.Sprintf("%v %+v %#v", err, err, err), string(encoded))
		for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
			all = append(all, fmt.Sprintf("%+v %#v", inner, inner))
		}
	}
	return all
}

func withoutCanaries(t *testing.T, where string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, canary := range []string{"canary-token-4f1c", contentCanary} {
			if strings.Contains(text, canary) {
				t.Errorf("%s shows %s: %s", where, canary, text)
			}
		}
	}
}

func jsonStatus(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func TestNoTokenInAnErrorOfTheNetwork(t *testing.T) {
	client := newClient(t, "http://127.0.0.1:1/path", sentinel.WithAccessToken(tokenCanary), sentinel.WithMaxRetries(0))
	_, err := client.Documents.Upload(t.Context(), "a.txt", strings.NewReader(contentCanary))
	if err == nil {
		t.Fatal("no error")
	}
	withoutCanaries(t, "the error", shown([]error{err})...)
}
