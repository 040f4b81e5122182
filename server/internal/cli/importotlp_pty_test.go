//go:build linux || darwin

package cli_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

func TestAPersonSeesABarOfSpans(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	handler, err := server.New(server.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 { // busy at first, so that it takes longer than what shows no bar
			http.Error(w, `{"error":{"code":"rate_limited","message":"wait"}}`, http.StatusTooManyRequests)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	defer srv.Close()
	p := sit(t, "import", "otlp", file(t, "traces.json", agentFile(300)), "--url", srv.URL)
	code, seen := p.leaves(t)
	if code != 0 || !strings.ContainsAny(seen, "░█") || !strings.Contains(seen, "from 1,500 spans of 300 traces and 300 log records") {
		t.Errorf("exit %d, the terminal shows %q", code, seen)
	}
}
