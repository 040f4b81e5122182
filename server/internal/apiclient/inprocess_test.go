package apiclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

func inProcess(t *testing.T, h http.HandlerFunc) *apiclient.Client {
	t.Helper()
	c, err := apiclient.New(apiclient.Config{BaseURL: "http://localhost/base/", APIKey: "key", Project: "p", Transport: apiclient.InProcess(h)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAHandlerSeesAnOrdinaryLocalRequest(t *testing.T) {
	c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
		if r.RemoteAddr != "127.0.0.1:0" || r.Host != "localhost" || r.RequestURI != "/base/v1/sessions/a%2Fb/events?type=x" {
			t.Errorf("the handler saw %s %s %s", r.RemoteAddr, r.Host, r.RequestURI)
		}
		if r.Header.Get("Authorization") != "Bearer key" || r.Header.Get("X-Sentrial-Project") != "p" || r.Header.Get("Sentrial-Version") != "1" {
			t.Errorf("the handler saw %v", r.Header)
		}
		if body, err := io.ReadAll(r.Body); len(body) > 0 || err != nil {
			t.Errorf("the body is %q, %v", body, err)
		}
		_, _ = io.WriteString(w, `{"data":[{"n":1.10}],"next_cursor":"more"}`)
	})
	page, err := c.Events(t.Context(), "a/b", url.Values{"type": {"x"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Data) != 1 || string(page.Data[0]) != `{"n":1.10}` || page.NextCursor != "more" {
		t.Errorf("page = %s", page.Data)
	}
}

func TestTheFirstStatusCounts(t *testing.T) {
	c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, `{"error":{"code":"not_found","message":"no","request_id":"r"}}`)
	})
	var api *apiclient.Error
	if _, err := c.Session(t.Context(), "x"); !errors.As(err, &api) || api.Status != 404 || api.Code != "not_found" || api.RequestID != "r" {
		t.Errorf("Session = %v", err)
	}
}

func TestACancelledContextAsksNobody(t *testing.T) {
	c := inProcess(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler was asked") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Session(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("Session = %v", err)
	}
}

func FuzzReply(f *testing.F) {
	f.Add(200, `{"data":[]}`)
	f.Add(404, `{"error":{"code":"x"}}`)
	f.Add(503, ``)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 999 {
			return
		}
		c, err := apiclient.New(apiclient.Config{BaseURL: "http://localhost", Transport: apiclient.InProcess(http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))})
		if err != nil {
			t.Fatal(err)
		}
		page, err := c.Sessions(t.Context(), nil)
		if (page == nil) == (err == nil) || (err == nil && !strings.Contains(body, "data")) {
			t.Errorf("status %d, body %q: page %v, error %v", status, body, page, err)
		}
	})
}
