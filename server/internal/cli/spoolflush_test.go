package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/spool"
	"github.com/sentrial/sentrial-go/types"
)

// leaveEvents is a client that ends before it could deliver its events: the start and the end of a session, and calls.
func leaveEvents(t *testing.T, calls int) (dir, session string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "spool")
	client, err := sentrial.New(sentrial.WithSpool(dir), sentrial.WithAPIURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, s := client.CreateSession(t.Context(), "left behind")
	for i := range calls {
		s.TrackToolCall(ctx, types.ToolCall{ToolName: fmt.Sprint("tool ", i)})
	}
	s.Close(ctx, types.SessionResult{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := client.Close(ctx); err == nil {
		t.Fatal("the events were delivered")
	}
	return dir, s.ID()
}

func TestSpoolFlush(t *testing.T) {
	h := newHouse(t)
	dir, session := leaveEvents(t, 20)
	if out := succeed(t, "spool", "flush", dir, "--url", h.url); out != "22 events delivered\n" {
		t.Errorf("printed %q", out)
	}
	events := succeed(t, "events", "list", session, "--url", h.url)
	if strings.Count(events, "tool_call") != 20 || strings.Count(events, "\n") != 23 {
		t.Errorf("the server has\n%s", events)
	}
	if all, err := spool.Inspect(dir); err != nil || len(all) > 0 {
		t.Errorf("the spool has %+v (%v)", all, err)
	}
	want := `{"delivered":0,"duplicates":0,"dropped":{},"left":0}` + "\n"
	if out := succeed(t, "spool", "flush", dir, "--json"); out != want {
		t.Errorf("the second time it printed %q, want %q", out, want)
	}
}

func TestSpoolFlushThatFails(t *testing.T) {
	dir, _ := leaveEvents(t, 1)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer refusing.Close()
	for _, c := range []struct {
		args string
		exit int
		says string
	}{
		{"--url " + refusing.URL + " --wait 3s", 4, "3 events could not be delivered"},
		{"--url http://127.0.0.1:1 --wait 500ms", 5, "3 events could not be delivered"},
		{"", 2, "no server was named"},
		{"--url https://example.com", 2, "takes nothing without a key"},
		{"--url ::", 2, "key"},
	} {
		got := run(t, append([]string{"spool", "flush", dir}, strings.Fields(c.args)...)...)
		if got.code != c.exit || !strings.Contains(got.errors, c.says) {
			t.Errorf("%s: %+v", c.args, got)
		}
		all, err := spool.Inspect(dir)
		if err != nil || len(all) != 1 || all[0].Counts.Committed != 3 || all[0].Live {
			t.Errorf("%s left %+v (%v)", c.args, all, err)
		}
	}
}

func TestSpoolFlushLeavesLiveProcessesAlone(t *testing.T) {
	dir, _ := newSpool(t, false)
	d, err := spool.Open(dir, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for s, err := range d.Orphans() { // no client's records
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Remove()
	}
	if out := succeed(t, "spool", "flush", dir); out != "0 events delivered\n" {
		t.Errorf("printed %q", out)
	}
	if all, err := spool.Inspect(dir); err != nil || len(all) != 1 || all[0].Counts.Committed != 1 {
		t.Errorf("the spool has %+v (%v)", all, err)
	}
}
