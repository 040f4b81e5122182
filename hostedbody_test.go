package sentrial_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// hostedSpy takes everything that comes on the hosted wire, and keeps it.
type hostedSpy struct {
	mu   sync.Mutex
	seen []hostedRequest
}

type hostedRequest struct {
	*http.Request
	body []byte
}

func (s *hostedSpy) RoundTrip(r *http.Request) (*http.Response, error) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, hostedRequest{r, body.Bytes()})
	return jsonReply(r, http.StatusOK, `{"id":"srv_1"}`), nil
}

// last is the latest request.
func (s *hostedSpy) last(t *testing.T) hostedRequest {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) == 0 {
		t.Fatal("no request came")
	}
	return s.seen[len(s.seen)-1]
}

func (r hostedRequest) members(t *testing.T) map[string]any {
	t.Helper()
	return asMap(t, r.body)
}

func asMap(t *testing.T, object []byte) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(object, &m); err != nil {
		t.Fatalf("%v in %s", err, object)
	}
	return m
}

// hostedClient is a client of the hosted wire.
func hostedClient(t *testing.T, opts ...sentrial.Option) (*hostedSpy, *sentrial.Client) {
	t.Helper()
	spy := new(hostedSpy)
	return spy, newClient(t, spy, append(opts, sentrial.WithProtocol(sentrial.ProtocolHosted))...)
}

// TestHostedBodies holds the requests that the golden events of the batch wire become against golden files. Together they show where each field goes.
func TestHostedBodies(t *testing.T) {
	files, err := filepath.Glob("types/testdata/*.json")
	if err != nil || len(files) < 18 {
		t.Fatalf("%d golden events: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.HasPrefix(name, "session.") || name == "session" {
			continue // what a server holds, and no event
		}
		t.Run(name, func(t *testing.T) {
			spy, client := hostedClient(t)
			client.Record(t.Context(), goldenEvent(t, file))
			flush(t, client)
			checkStats(t, client, 1, 0, nothing)
			r := spy.last(t)
			checkHostedGolden(t, name, r.Method+" "+r.URL.Path, r.body)
		})
	}
}

func goldenEvent(t *testing.T, file string) (e types.Event) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, &e)
	}
	if err != nil {
		t.Fatal(err)
	}
	if e.Timestamp.IsZero() {
		e.Timestamp = time.Date(2026, 11, 22, 0, 16, 56, 0, time.UTC)
	}
	return e
}

// checkHostedGolden compares a request with testdata/hosted/NAME.txt: its method and path, and its body indented. The order of members does not count.
func checkHostedGolden(t *testing.T, name, line string, body []byte) {
	t.Helper()
	file := filepath.Join("testdata", "hosted", name+".txt")
	if *update {
		text := bytes.NewBufferString(line + "\n")
		if err := json.Indent(text, body, "", "  "); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if err := os.WriteFile(file, append(text.Bytes(), '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -run TestHostedBodies -update . writes it", err)
	}
	wantLine, want, _ := strings.Cut(string(golden), "\n")
	if got, want := asMap(t, body), asMap(t, []byte(want)); line != wantLine || !reflect.DeepEqual(got, want) {
		t.Errorf("got %s\n%v\nwant %s\n%v", line, got, wantLine, want)
	}
}

func TestHostedHeaders(t *testing.T) {
	spy, client := hostedClient(t, sentrial.WithAPIKey("key-1"), sentrial.WithProjectID("p1"), sentrial.WithCompression(sentrial.CompressionGzip))
	client.Session("s").TrackStep(t.Context(), types.Step{Name: "n"})
	flush(t, client)
	r := spy.last(t)
	for name, want := range map[string]string{
		"Authorization": "Bearer key-1", "X-Sentrial-Project": "p1", "Content-Type": "application/json", "Idempotency-Key": "", "Content-Encoding": "",
		"User-Agent": "sentrial-go/" + sentrial.Version,
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if id := r.Header.Get("Sentrial-Client"); !types.ValidID(id) {
		t.Errorf("Sentrial-Client: %q", id)
	}
	if r.ContentLength != int64(len(r.body)) {
		t.Errorf("Content-Length %d of %d bytes", r.ContentLength, len(r.body))
	}
}

// TestHostedNames: the wire wants a name, an agent and a user, and gets them.
func TestHostedNames(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []sentrial.SessionOption
		want string
	}{
		{"refund", []sentrial.SessionOption{sentrial.WithAgentName("support"), sentrial.WithUserID("u")}, "refund support u"},
		{"refund", nil, "refund refund anonymous"},
		{"", []sentrial.SessionOption{sentrial.WithAgentName("support")}, "support support anonymous"},
		{"", nil, "session session anonymous"},
	} {
		spy, client := hostedClient(t)
		client.CreateSession(t.Context(), c.name, c.opts...)
		flush(t, client)
		m := spy.last(t).members(t)
		if got := strings.Join([]string{m["name"].(string), m["agentName"].(string), m["userId"].(string)}, " "); got != c.want {
			t.Errorf("%q with %d options: %s, want %s", c.name, len(c.opts), got, c.want)
		}
	}
}

// TestHostedInputs: what is no object is wrapped, and so is an object that looks like a wrapping.
func TestHostedInputs(t *testing.T) {
	for _, c := range []struct {
		input any
		want  string
	}{
		{map[string]any{"q": 1}, `{"q":1}`},
		{map[string]any{}, `{}`},
		{"text", `{"value":"text"}`},
		{7, `{"value":7}`},
		{[]int{1, 2}, `{"value":[1,2]}`},
		{true, `{"value":true}`},
		{map[string]any{"value": 1}, `{"value":{"value":1}}`},
		{json.RawMessage(`{ "value" : 1 }`), `{"value":{"value":1}}`},
		{map[string]any{"value": 1, "unit": "m"}, `{"unit":"m","value":1}`},
		{map[string]any{"values": 1}, `{"values":1}`},
	} {
		spy, client := hostedClient(t)
		client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", ToolInput: c.input})
		flush(t, client)
		if got := spy.last(t).members(t)["toolInput"]; !reflect.DeepEqual(got, any(asMap(t, []byte(c.want)))) {
			t.Errorf("%v: got %v, want %s", c.input, got, c.want)
		}
	}
}

// TestHostedMetadataKeepsTheUsersNames: where the user has a name of ours, ours gives way.
func TestHostedMetadataKeepsTheUsersNames(t *testing.T) {
	spy, client := hostedClient(t)
	id := client.Session("s").TrackDecision(t.Context(), types.Decision{Chosen: "left", Metadata: map[string]any{"chosen": "mine", "event_id": 7, "sentrial_event_id": 8, `a"b`: nil}})
	flush(t, client)
	got := spy.last(t).members(t)["metadata"].(map[string]any)
	for name, want := range map[string]any{"chosen": "mine", "sentrial_chosen": "left", "event_id": 7.0, "sentrial_event_id": 8.0, "sentrial_sentrial_event_id": id, `a"b`: nil, "seq": 1.0} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s = %v, want %v", name, v, want)
		}
	}
}

// TestHostedStatuses: what the wire can say it says, and the rest rides in the metadata.
func TestHostedStatuses(t *testing.T) {
	for _, c := range []struct {
		call   types.ToolCall
		failed bool
		status any
	}{
		{types.ToolCall{}, false, nil},
		{types.ToolCall{Error: "no"}, true, nil},
		{types.ToolCall{Status: types.StatusError}, false, "error"},
		{types.ToolCall{Status: types.StatusCancelled}, false, "cancelled"},
		{types.ToolCall{Status: types.StatusCancelled, Error: "no"}, true, "cancelled"},
		{types.ToolCall{Status: types.StatusSuccess, Error: "a warning"}, true, "success"},
		{types.ToolCall{Status: types.StatusUnknown}, false, "unknown"},
	} {
		spy, client := hostedClient(t)
		client.Session("s").TrackToolCall(t.Context(), c.call)
		flush(t, client)
		m := spy.last(t).members(t)
		if _, failed := m["toolError"]; failed != c.failed || m["metadata"].(map[string]any)["status"] != c.status {
			t.Errorf("%+v: toolError %v, metadata %v", c.call, m["toolError"], m["metadata"])
		}
	}
}

// TestHostedEnd sums up the session.
func TestHostedEnd(t *testing.T) {
	for _, c := range []struct {
		result types.SessionResult
		want   map[string]any
		status any // in the metadata
	}{
		{types.SessionResult{Summary: "done", Output: "it"}, map[string]any{"status": "completed", "success": true, "assistantOutput": "it", "failureReason": nil}, nil},
		{types.SessionResult{Status: types.StatusError, Summary: "gave up"}, map[string]any{"status": "failed", "success": false, "failureReason": "gave up"}, nil},
		{types.SessionResult{Status: types.StatusError, Output: map[string]any{"n": 1}}, map[string]any{"status": "failed", "failureReason": "no such order", "assistantOutput": `{"n":1}`}, nil},
		{types.SessionResult{Status: types.StatusCancelled}, map[string]any{"status": "failed", "success": false}, "cancelled"},
		{types.SessionResult{Metrics: map[string]float64{"score": 0.5}}, map[string]any{"status": "completed"}, nil},
	} {
		spy, client := hostedClient(t)
		began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		start := types.Event{ID: "evt_0", Type: types.EventSessionStart, SessionID: "s", Timestamp: began, Session: &types.SessionFields{Name: "n", Input: "question"}}
		client.Record(t.Context(), start)
		s := client.Session("s")
		s.TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", Cost: sentrial.Ptr(0.1)})
		for range 2 {
			s.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Usage: types.Usage{PromptTokens: 10, CompletionTokens: 5}, Cost: sentrial.Ptr(0.2)})
		}
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Usage: types.Usage{TotalTokens: 7}})
		s.TrackError(t.Context(), types.ErrorEvent{ErrorMessage: "no such order"})
		end := types.Event{ID: "evt_9", Type: types.EventSessionEnd, SessionID: "s", Timestamp: began.Add(1500 * time.Millisecond), Status: c.result.Status, Result: &c.result}
		if end.Status == "" {
			end.Status = types.StatusSuccess
		}
		client.Record(t.Context(), end)
		flush(t, client)
		got := spy.last(t).members(t)
		want := map[string]any{"estimatedCost": 0.5, "promptTokens": 20.0, "completionTokens": 10.0, "totalTokens": 37.0, "durationMs": 1500.0, "userInput": "question"}
		maps.Copy(want, c.want)
		for name, v := range want {
			if got[name] != v {
				t.Errorf("%+v: %s = %v, want %v", c.result, name, got[name], v)
			}
		}
		metadata := got["metadata"].(map[string]any)
		if metadata["status"] != c.status || metadata["event_id"] != "evt_9" || c.result.Summary != "" && metadata["summary"] != c.result.Summary {
			t.Errorf("%+v: metadata %v", c.result, metadata)
		}
		if c.result.Metrics != nil && got["customMetrics"].(map[string]any)["score"] != 0.5 {
			t.Errorf("customMetrics = %v", got["customMetrics"])
		}
	}
}
