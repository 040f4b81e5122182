package apiclient_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

func TestRequestsThatChangeSomething(t *testing.T) {
	c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Authorization") != "Bearer key" || r.Header.Get("X-Sentrial-Project") != "p" {
			t.Errorf("the handler saw %v (%v)", r.Header, err)
		}
		switch r.Method + " " + r.URL.EscapedPath() + " " + string(body) {
		case `POST /base/v1/keys {"name":"n","scopes":["admin"],"expires_in":"9d"}`:
			if r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("Content-Type %q", r.Header.Get("Content-Type"))
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":"key_1","key":"text"}`)
		case "DELETE /base/v1/keys/key%2F1 ":
			w.WriteHeader(http.StatusNoContent)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":{"code":"not_found","message":"no"}}`)
		}
	})
	raw, err := c.CreateKey(t.Context(), apiclient.NewKey{Name: "n", Scopes: []string{"admin"}, ExpiresIn: "9d"})
	if err != nil || string(raw) != `{"id":"key_1","key":"text"}` {
		t.Errorf("CreateKey = %s, %v", raw, err)
	}
	if err := c.RevokeKey(t.Context(), "key/1"); err != nil {
		t.Errorf("RevokeKey = %v", err)
	}
	var api *apiclient.Error
	if err := c.RevokeKey(t.Context(), "other"); !errors.As(err, &api) || api.Status != 404 {
		t.Errorf("RevokeKey of another = %v", err)
	}
}

func TestAStrangeReplyToAChange(t *testing.T) {
	c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
	var strange *apiclient.StrangeReplyError
	if raw, err := c.CreateKey(t.Context(), apiclient.NewKey{}); !errors.As(err, &strange) {
		t.Errorf("CreateKey = %s, %v", raw, err)
	}
}
