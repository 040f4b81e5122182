//go:build linux || darwin

package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

func TestAPersonSeesABarOfRuns(t *testing.T) {
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
	var runs strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&runs, `{"id":"run_%d","agent_slug":"a","status":"succeeded","cost_usd":0.001}`, i)
	}
	p := sit(t, "import", "hivium-runs", file(t, "runs.json", runs.String()), "--url", srv.URL)
	code, seen := p.leaves(t)
	if code != 0 || !strings.ContainsAny(seen, "░█") || !strings.Contains(seen, "from 1,500 runs, of which 0 have not ended; together they cost $1.5") {
		t.Errorf("exit %d, the terminal shows %q", code, seen)
	}
}
