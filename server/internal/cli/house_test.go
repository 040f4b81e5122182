package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// house is a running server over a file, and the file.
type house struct{ url, db string }

// newHouse starts a server on a free port and stores the events of testdata/events.json.
func newHouse(t *testing.T) house {
	t.Helper()
	h := house{db: filepath.Join(t.TempDir(), "test.db")}
	store, err := sqlite.Open(t.Context(), h.db)
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New(server.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + ln.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve = %v", err)
		}
		if err := store.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	body, err := os.ReadFile("testdata/events.json")
	if err != nil {
		t.Fatal(err)
	}
	post(t, h.url, body)
	return h
}

func post(t *testing.T, url string, body []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/events", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var reply bytes.Buffer
	if _, err := reply.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || !strings.Contains(reply.String(), `"rejected":[]`) {
		t.Fatalf("POST /v1/events: %s %s", resp.Status, &reply)
	}
}

// outcome is what a run of the command left behind.
type outcome struct {
	code        int
	out, errors string
}

// run executes the command with its streams in memory.
func run(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// succeed is run for commands that must work and have nothing to say on stderr.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	got := run(t, args...)
	if got.code != 0 || got.errors != "" {
		t.Fatalf("sentrial %s: exit %d, stderr %q", strings.Join(args, " "), got.code, got.errors)
	}
	return got.out
}
