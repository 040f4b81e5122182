package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// spansOf is a request with one trace: an agent, a call of a model and one of a tool.
func spansOf(n int) string {
	span := func(id, parent, name, more string) string {
		operation, _, _ := strings.Cut(name, " ")
		return fmt.Sprintf(`{"traceId":"%032x","spanId":"000000000000000%s","parentSpanId":"%s","name":%q,"startTimeUnixNano":"1795309209098000000","endTimeUnixNano":"1795309209268000000",
			"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":%q}}%s]}`, n+1, id, parent, name, operation, more)
	}
	return `{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"},"spans":[` + strings.Join([]string{
		span("2", "0000000000000001", "chat m", `,{"key":"gen_ai.request.model","value":{"stringValue":"m"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":7}}`),
		span("3", "0000000000000001", "execute_tool t", `,{"key":"gen_ai.tool.name","value":{"stringValue":"t"}}`),
		span("1", "", "invoke_agent a", `,{"key":"gen_ai.agent.name","value":{"stringValue":"a"}}`),
	}, ",") + `]}]}]}`
}

// TestRow82KilledServerKeepsSpans kills a server again and again right after it has acknowledged spans, most of which are no events yet; the last one makes all of them, each
// once.
func TestRow82KilledServerKeepsSpans(t *testing.T) {
	const rounds, each = 8, 25
	file := filepath.Join(t.TempDir(), "s.db")
	for round := range rounds {
		cmd, addr := startServer(t, file, "")
		for n := range each {
			var reply struct{ PartialSuccess any }
			postJSON(t, "http://"+addr+"/v1/traces", spansOf(round*each+n), &reply)
			if reply.PartialSuccess != nil {
				t.Fatalf("%+v", reply)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	cmd, _ := startServer(t, file, "")
	reading, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	waitForNoInbox(t, reading)
	if err := reading.Close(); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	checkSpans(t, file, rounds*each)
}

// waitForNoInbox waits until a server has made events of all it had.
func waitForNoInbox(t *testing.T, db store.Store) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for ; ; <-tick.C {
		left, err := db.ReadInbox(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
	}
}

func checkSpans(t *testing.T, file string, traces int) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for n := range traces {
		session := fmt.Sprintf("trace_%032x", n+1)
		page, err := db.Events(t.Context(), "default", session, store.EventQuery{Limit: 100})
		if err != nil {
			t.Fatalf("%s: %v", session, err)
		}
		kinds := map[string]int{}
		for _, r := range page.Events {
			var e struct{ Type string }
			if err := json.Unmarshal(r.Raw, &e); err != nil {
				t.Fatal(err)
			}
			kinds[e.Type]++
		}
		got, err := db.Session(t.Context(), "default", session)
		if err != nil || fmt.Sprint(kinds) != "map[llm_call:1 session_end:1 session_start:1 tool_call:1]" || got.Counters.Tokens.Prompt != 7 {
			t.Fatalf("%s: %v, %+v, %v", session, kinds, got.Counters, err)
		}
	}
}
