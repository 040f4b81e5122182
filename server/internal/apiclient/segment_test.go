package apiclient_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestNamesThatLookLikePaths are read and erased by the real server, over the network and in this process.
func TestNamesThatLookLikePaths(t *testing.T) {
	for way, c := range realServers(t) {
		for _, name := range []string{".", "..", "...", "a/../b", "%2E%2E", "..?x", "../v1", "#", " ", "é"} {
			session := name
			if strings.Trim(name, ".") != "" {
				session = fmt.Sprintf("s%x", name) // which may hold less
			}
			event := fmt.Sprintf(`{"events":[{"type":"session_start","id":"of_%x","session_id":%q,"user_id":%q,"timestamp":"2026-03-04T09:30:00Z"}]}`, name, session, name)
			if got, err := c.PostEvents(t.Context(), []byte(event), 1); err != nil || got.Accepted != 1 {
				t.Fatalf("%s: %q: %+v, %v", way, name, got, err)
			}
			if page, err := c.Events(t.Context(), session, nil); err != nil || len(page.Data) != 1 {
				t.Errorf("%s: events of %q = %+v, %v", way, session, page, err)
			}
			if gone, err := c.DeleteUser(t.Context(), name); err != nil || gone.Sessions != 1 {
				t.Errorf("%s: user %q = %+v, %v", way, name, gone, err)
			}
			var api *apiclient.Error
			if _, err := c.Session(t.Context(), name); !errors.As(err, &api) || api.Code != "not_found" || strings.Contains(api.Message, "route") {
				t.Errorf("%s: session %q = %v", way, name, err)
			}
			if err := c.RevokeKey(t.Context(), name); !errors.As(err, &api) || strings.Contains(api.Message, "route") {
				t.Errorf("%s: key %q = %v", way, name, err)
			}
		}
	}
}

// realServers are clients of two new servers.
func realServers(t *testing.T) map[string]*apiclient.Client {
	t.Helper()
	near, err := apiclient.New(apiclient.Config{BaseURL: "http://localhost", Transport: apiclient.InProcess(realServer(t))})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(realServer(t))
	t.Cleanup(srv.Close)
	far, err := apiclient.New(apiclient.Config{BaseURL: srv.URL, Transport: srv.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*apiclient.Client{"in process": near, "network": far}
}

func realServer(t *testing.T) *server.Server {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s, err := server.New(server.Config{Store: store, Trusted: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
