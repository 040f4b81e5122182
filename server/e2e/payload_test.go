package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// What goes in as Go values comes out of the server as it was sent: every event is stored, and its JSON is that of the wire to the last digit.

// payloadRun is a client whose requests are kept, and a server over a file.
type payloadRun struct {
	t      *testing.T
	url    string
	client *sentrial.Client

	mu    sync.Mutex
	sent  map[string]json.RawMessage // events by id, as they left; the last of each
	drops []sentrial.Drop
}

func newPayloadRun(t *testing.T, opts ...sentrial.Option) *payloadRun {
	t.Helper()
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "SENTRIAL_") {
			t.Setenv(name, "")
		}
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	handler, err := server.New(server.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	r := &payloadRun{t: t, url: srv.URL, sent: make(map[string]json.RawMessage)}
	own := []sentrial.Option{
		sentrial.WithAPIURL(srv.URL), sentrial.WithHTTPClient(&http.Client{Transport: r}), sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithOnDrop(r.dropped),
	}
	if r.client, err = sentrial.New(append(own, opts...)...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	return r
}

// close ends the client, which says the last of what was lost.
func (r *payloadRun) close() {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	_ = r.client.Close(done) // whether all was delivered is for check
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, d := range r.drops {
		if r.t.Errorf("%s %s was lost: %s: %v", d.Type, d.EventID, d.Reason, d.Err); i == 9 {
			r.t.Errorf("and %d more", len(r.drops)-10)
			return
		}
	}
}

func (r *payloadRun) dropped(d sentrial.Drop) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drops = append(r.drops, d)
}

// RoundTrip keeps what is sent and passes it on.
func (r *payloadRun) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodPost {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		var batch struct{ Events []json.RawMessage }
		if err := json.Unmarshal(body, &batch); err != nil {
			return nil, err
		}
		r.keep(batch.Events)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	return http.DefaultTransport.RoundTrip(req)
}

func (r *payloadRun) keep(events []json.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, raw := range events {
		var e struct{ ID string }
		if json.Unmarshal(raw, &e) == nil {
			r.sent[e.ID] = raw
		}
	}
}

// check flushes and wants every event of the session stored as it was sent, read by both ways.
func (r *payloadRun) check(session string) {
	r.t.Helper()
	if err := r.client.Flush(r.t.Context()); err != nil {
		r.t.Fatalf("Flush: %v", err)
	}
	if s := r.client.Stats(); s.Delivered != s.Accepted || len(s.Dropped) > 0 || len(s.Refused) > 0 {
		r.t.Errorf("stats = %+v", s)
	}
	stored := r.stored(session)
	read := 0
	for e, err := range r.client.Events(r.t.Context(), session) {
		if err != nil {
			r.t.Fatalf("Events: %v", err)
		}
		read++
		r.checkEvent(e, stored[e.ID])
	}
	if read != len(stored) || read == 0 {
		r.t.Errorf("%d events were read, %d are stored", read, len(stored))
	}
}

// checkEvent holds an event that was read, and its JSON in the store, against the JSON that was sent.
func (r *payloadRun) checkEvent(e *types.Event, stored json.RawMessage) {
	r.t.Helper()
	r.mu.Lock()
	sent := r.sent[e.ID]
	r.mu.Unlock()
	if got, want := exactly(r.t, stored), exactly(r.t, sent); !reflect.DeepEqual(got, want) {
		r.t.Errorf("stored %.500s\nsent   %.500s", stored, sent)
	}
	var want types.Event
	if err := json.Unmarshal(sent, &want); err != nil {
		r.t.Errorf("a reader cannot decode %.500s: %v", sent, err)
	}
	clear(e.Extra) // what the server adds
	clear(want.Extra)
	if got, want := exactly(r.t, asJSON(r.t, e)), exactly(r.t, asJSON(r.t, &want)); !reflect.DeepEqual(got, want) {
		r.t.Errorf("read %.500v\nsent %.500v", got, want)
	}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exactly decodes an object with its numbers as they are written, without what the server adds.
func exactly(t *testing.T, raw json.RawMessage) map[string]any {
	t.Helper()
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&object); err != nil {
		t.Errorf("%v: %.300s", err, raw)
	}
	for _, name := range []string{"position", "received_at", "client_id", "clock_skew_ms"} {
		delete(object, name)
	}
	return object
}

// stored reads the events of a session as the server gives them, by id.
func (r *payloadRun) stored(session string) map[string]json.RawMessage {
	r.t.Helper()
	all := make(map[string]json.RawMessage)
	query := url.Values{"limit": {"1000"}}
	for {
		var page struct {
			Data       []json.RawMessage
			NextCursor string `json:"next_cursor"`
		}
		if err := json.Unmarshal(r.get("/v1/sessions/"+session+"/events?"+query.Encode()), &page); err != nil {
			r.t.Fatal(err)
		}
		for _, raw := range page.Data {
			var e struct{ ID string }
			if err := json.Unmarshal(raw, &e); err != nil {
				r.t.Fatal(err)
			}
			all[e.ID] = raw
		}
		if page.NextCursor == "" {
			return all
		}
		query.Set("cursor", page.NextCursor)
	}
}

func (r *payloadRun) get(path string) []byte {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+path, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		r.t.Fatalf("GET %s: %s, %v: %.300s", path, reply.Status, err, body)
	}
	return body
}

type (
	misbehaves func() ([]byte, error)
	loop       struct{ Next *loop }
	wordError  string
)

func (m misbehaves) MarshalJSON() ([]byte, error) { return m() }
func (e wordError) Error() string                 { return string(e) }

// hostileNumbers, hostileTexts and the rest are values of which some have no JSON form.
func hostileNumbers() map[string]any {
	return map[string]any{
		"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": float32(math.Inf(-1)), "-0": math.Copysign(0, -1), "1e400": json.Number("1e400"), "-1E-400": json.Number("-1E-400"),
		"exponent": json.Number("1e999999999"), "2^53+1": int64(1<<53 + 1), "least int64": int64(math.MinInt64), "largest uint64": uint64(math.MaxUint64),
		"2^300": new(big.Int).Lsh(big.NewInt(1), 300), "big.Float": big.NewFloat(0.1), "digits": json.Number(strings.Repeat("7", 5000)), "0.1": 0.1, "float32": float32(0.1),
		"largest": math.MaxFloat64, "smallest": math.SmallestNonzeroFloat64, "1.0": json.Number("1.0"), "1e2": json.RawMessage(`[1e2,1E+2,100.0,-0.0,0e0]`), "complex": complex(1, 2),
		"no number": json.Number("0x1p-2"), "list": []float64{1, math.NaN(), -0.5}, "duration": time.Duration(math.MaxInt64),
	}
}

func hostileTexts() map[string]any {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return map[string]any{
		"invalid": "a\xffb", "surrogate": "\xed\xa0\x80", "all bytes": string(all), "NUL": "\x00", "BiDi": "\u202e\u2066\u2069", "separators": "\u2028\u2029",
		"escapes": json.RawMessage(`["\ud800","\udc00\ud800","\u0000","\ud83d\ude00","\/"]`), "keys": map[string]any{"\xff": 1, "\xfe": 2, "\ufffd": 3, "": 4, "a\x00": 5, `"`: 6},
		"script": "</script><script>alert(1)</script>", "SQL": "'; DROP TABLE events; --", "LIKE": "%_\\", "noncharacter": "\uffff\U0010ffff", "error": wordError("\xff\x00"), "markup": "<b>&amp;</b>",
		"JSON": `{"a":"\u0000"}`, "ANSI": "\x1b]0;x\x07\x9b31m",
	}
}

func hostileShapes() map[string]any {
	cycle := map[string]any{}
	cycle["self"] = []any{cycle}
	ring := &loop{}
	ring.Next = &loop{ring}
	var list, object any = 1, 1
	for range 100_000 {
		list, object = []any{list}, map[string]any{"in": object}
	}
	wide := make(map[string]any)
	for i := range 5_000 {
		wide[fmt.Sprint("key ", i)] = i
	}
	return map[string]any{
		"cycle": cycle, "ring": ring, "deep list": list, "deep object": object, "wide": wide, "long": strings.Repeat("x", 2<<20), "quotes": strings.Repeat(`"`, 600<<10), "bytes": make([]byte, 1<<20),
		"deep JSON": json.RawMessage(strings.Repeat(`[{"a":`, 5000) + "1" + strings.Repeat("}]", 5000)), "channel": make(chan int), "function": func() {}, "nil pointer": (*loop)(nil),
		"twice": json.RawMessage(`{"a":1,"a":2,"id":"x","id":"y"}`), "empty": []any{map[string]any{}, []any{}, "", nil, json.RawMessage(nil)}, "any keys": map[any]any{1: 1, "1": 2, true: 3, nil: 4},
		"many": make([]int, 10_000),
	}
}

// referenceHash looks like content that was sent before. A server would wait for it, and ask for the event again and again.
const referenceHash = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

func hostileReferences() map[string]any {
	ref := map[string]any{"$ref": referenceHash}
	return map[string]any{
		"alone": ref, "in a list": []any{1, ref}, "in an object": map[string]any{"in": ref}, "with more": map[string]any{"$ref": referenceHash, "a": 1}, "short": map[string]any{"$ref": "sha256:"},
		"JSON": json.RawMessage(`{"$ref":"` + referenceHash + `"}`), "JSON list": json.RawMessage(`[ { "$ref" : "` + referenceHash + `" } ]`), "escaped": json.RawMessage(`{"$ref":"\u0073ha256:00"}`),
		"escaped in a list": json.RawMessage(`[{"$ref":"sha\u003256:00"}]`), "twice": json.RawMessage(`{"$ref":"` + referenceHash + `","$ref":"` + referenceHash + `"}`), "pointer": map[string]any{"$ref": "#/definitions/x"},
		"deeper list": [][]any{{ref}}, "text": referenceHash,
	}
}

func hostileMethods() map[string]any {
	return map[string]any{
		"panics": misbehaves(func() ([]byte, error) { panic("boom") }), "fails": misbehaves(func() ([]byte, error) { return nil, errors.New("boom") }),
		"exits": misbehaves(func() ([]byte, error) { runtime.Goexit(); return nil, nil }), "half": misbehaves(func() ([]byte, error) { return []byte(`{"a":`), nil }),
		"breaks out": misbehaves(func() ([]byte, error) { return []byte(`1},{"id":"evt_forged"`), nil }), "huge": misbehaves(func() ([]byte, error) { return []byte(`"` + strings.Repeat("x", 2<<20) + `"`), nil }),
		"nil": misbehaves(nil), "reference": misbehaves(func() ([]byte, error) { return []byte(`{"$ref":"` + referenceHash + `"}`), nil }),
	}
}

// putEverywhere records v at every place that takes any value.
func (r *payloadRun) putEverywhere(session *sentrial.Session, v any) {
	ctx := session.Context(r.t.Context())
	facts := map[string]any{"k": v}
	messages := []types.Message{{Role: "assistant", Parts: []types.Part{
		{Type: types.PartToolCall, ID: "c", Name: "f", Arguments: v}, {Type: types.PartToolCallResponse, ID: "c", Response: v}, {Type: types.PartText, Content: "kept"},
	}}}
	session.TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolInput: v, ToolOutput: "kept"})
	session.TrackToolCall(ctx, types.ToolCall{ToolName: "t", ToolOutput: v, Metadata: facts})
	session.TrackLLMCall(ctx, types.LLMCall{Model: "m", Messages: messages})
	session.TrackLLMCall(ctx, types.LLMCall{Model: "m", OutputMessages: messages, Parameters: facts})
	session.TrackStep(ctx, types.Step{Name: "n", Input: v})
	session.TrackStep(ctx, types.Step{Name: "n", Output: v})
	session.TrackDecision(ctx, types.Decision{Chosen: "c", Metadata: facts})
	session.TrackError(ctx, types.ErrorEvent{ErrorMessage: "e", Metadata: facts})
	session.TrackFeedback(ctx, types.Feedback{Name: "f", Metadata: facts})
	session.Update(ctx, sentrial.WithInput(v), sentrial.WithMetadata(facts))
	_, _ = sentrial.Tool(ctx, "t", v, func(context.Context, any) (any, error) { return v, nil })
	_, span := sentrial.StartLLM(ctx, types.LLMCall{Model: "m", Messages: messages, Parameters: facts})
	span.OutputMessages = messages
	span.End(nil)
	if raw, is := v.(json.RawMessage); is {
		session.TrackLLMCall(ctx, types.LLMCall{Model: "m", ToolDefinitions: raw})
		r.client.Record(ctx, types.Event{Type: "made_up", Extra: map[string]json.RawMessage{"x": raw}})
	}
}

// TestRow53To56PayloadsAreStored: each hostile value at each place, through a real server and back.
func TestRow53To56PayloadsAreStored(t *testing.T) {
	for kind, values := range map[string]func() map[string]any{
		"numbers": hostileNumbers, "texts": hostileTexts, "shapes": hostileShapes, "references": hostileReferences, "methods": hostileMethods,
	} {
		t.Run(kind, func(t *testing.T) {
			for name, v := range values() {
				t.Run(name, func(t *testing.T) {
					r := newPayloadRun(t)
					r.putEverywhere(r.client.Session("s"), v)
					r.check("s")
				})
			}
		})
	}
}

// TestRow53And54SessionsAreStored: what a session says of itself comes back in the session, exactly.
func TestRow53And54SessionsAreStored(t *testing.T) {
	for kind, values := range map[string]map[string]any{"numbers": hostileNumbers(), "texts": hostileTexts()} {
		for name, v := range values {
			t.Run(kind+" "+name, func(t *testing.T) {
				r := newPayloadRun(t)
				text := fmt.Sprint(v)
				ctx, s := r.client.CreateSession(t.Context(), text, sentrial.WithInput(v), sentrial.WithMetadata(map[string]any{"k": v, "first": 1}), sentrial.WithTags(text, "kept"),
					sentrial.WithUserID(text), sentrial.WithAgentName(text), sentrial.WithAgentVersion(text), sentrial.WithConversationID(text), sentrial.WithParentSession(text))
				s.Update(ctx, sentrial.WithMetadata(map[string]any{"second": v}))
				s.Close(ctx, types.SessionResult{Summary: text, Output: v, Metrics: map[string]float64{text: 0.1, "max": math.MaxFloat64, "-0": math.Copysign(0, -1)}})
				r.check(s.ID())
				r.checkSession(s.ID())
			})
		}
	}
}

// checkSession holds the session against the events that made it.
func (r *payloadRun) checkSession(id string) {
	r.t.Helper()
	session := exactly(r.t, r.get("/v1/sessions/"+id))
	if _, err := r.client.GetSession(r.t.Context(), id); err != nil {
		r.t.Errorf("GetSession: %v", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	metadata := map[string]any{}
	for _, sent := range r.sent {
		e := exactly(r.t, sent)
		for _, member := range []string{"name", "input", "output", "summary", "tags", "metrics", "user_id", "agent_name", "agent_version", "conversation_id", "parent_session_id"} {
			if want, said := e[member]; said && !reflect.DeepEqual(session[member], want) {
				r.t.Errorf("%s of the session is %.300q, sent as %.300q", member, session[member], want)
			}
		}
		m, _ := e["metadata"].(map[string]any)
		maps.Copy(metadata, m)
	}
	if !reflect.DeepEqual(session["metadata"], any(metadata)) {
		r.t.Errorf("metadata of the session is %.500v, sent as %.500v", session["metadata"], metadata)
	}
}

// TestRow53FactsAreStored: fields of fixed types with values that no agent can mean. None costs its event.
func TestRow53FactsAreStored(t *testing.T) {
	r := newPayloadRun(t)
	ctx := r.client.Session("s").Context(t.Context())
	record := func(e types.Event) {
		e.SessionID = "s"
		if r.client.Record(ctx, e) == "" {
			t.Errorf("not accepted: %+v", e)
		}
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, math.Copysign(0, -1), 5e-324, 1e6, 1e6 + 1, math.MaxFloat64} {
		record(types.Event{ToolCall: &types.ToolCall{ToolName: "t", Cost: &f}})
		record(types.Event{LLMCall: &types.LLMCall{Model: "m", Cost: &f}})
		record(types.Event{Decision: &types.Decision{Confidence: &f}})
		record(types.Event{Feedback: &types.Feedback{Score: &f}})
		record(types.Event{Result: &types.SessionResult{Status: types.StatusSuccess, Metrics: map[string]float64{"m": f, "\xff": f}}})
	}
	for _, n := range []int{math.MinInt, -1, 1, 1 << 30, math.MaxInt} {
		usage := types.Usage{PromptTokens: n, CompletionTokens: n, TotalTokens: n, CachedTokens: n, CacheWriteTokens: n, ReasoningTokens: n}
		record(types.Event{LLMCall: &types.LLMCall{Model: "m", Usage: usage, Attempts: n}})
		record(types.Event{ToolCall: &types.ToolCall{ToolName: "t", Attempt: n}, Seq: int64(n)})
	}
	for _, d := range []time.Duration{math.MinInt64, -1, 1, 10 * 365 * 24 * time.Hour, 10*365*24*time.Hour + 1, math.MaxInt64} {
		record(types.Event{Duration: d, LLMCall: &types.LLMCall{Model: "m", TimeToFirstToken: d}})
	}
	for _, year := range []int{-1, 0, 1, 1969, 1970, 2261, 2262, 9999, 10_000, 1 << 30} {
		record(types.Event{Timestamp: time.Date(year, 6, 1, 0, 0, 0, 1, time.FixedZone("far", 3600*99)), Step: &types.Step{Name: "n"}})
	}
	for _, status := range []types.Status{"", "running", "active", "abandoned", "\xff", types.Status(strings.Repeat("x", 2<<20))} {
		record(types.Event{Status: status, Step: &types.Step{Name: "n"}})
		record(types.Event{Status: status, Result: &types.SessionResult{Summary: "end"}})
		r.client.Session("s").TrackToolCall(ctx, types.ToolCall{ToolName: "t", Status: status})
	}
	r.check("s")
}

// TestRow54FactsAreStored: texts in fields of fixed types, as long and as odd as they come.
func TestRow54FactsAreStored(t *testing.T) {
	r := newPayloadRun(t)
	for name, v := range hostileTexts() {
		text, is := v.(string)
		if !is {
			continue
		}
		for _, text := range []string{text, strings.Repeat(text, 1+300/len(text))} {
			ctx := r.client.Session("s").Context(t.Context())
			for _, e := range []types.Event{
				{ToolCall: &types.ToolCall{ToolName: text, CallID: text, Reasoning: text, Error: text}},
				{LLMCall: &types.LLMCall{
					Model: text, RequestModel: text, Provider: text, Operation: text, ResponseID: text, Prompt: text, Response: text, PromptName: text, PromptVersion: text, FinishReason: text, Error: text,
					Messages: []types.Message{{Role: text, Name: text, FinishReason: text, Parts: []types.Part{{Type: text, Content: text, ID: text, Name: text}}}},
				}},
				{Decision: &types.Decision{Reasoning: text, Alternatives: []string{text, ""}, Chosen: text}},
				{Error: &types.ErrorEvent{ErrorType: text, ErrorMessage: text, StackTrace: text, RecoveryAction: text}},
				{Step: &types.Step{Name: text, Kind: text, Error: text}},
				{Feedback: &types.Feedback{Name: text, Label: text, Comment: text, EventID: text, UserID: text}},
				{TraceID: text, SpanID: text, Step: &types.Step{Name: name}},
				{Type: "made_up", Extra: map[string]json.RawMessage{text: json.RawMessage("1")}, Metadata: map[string]any{text: text}},
			} {
				if r.client.Record(ctx, e) == "" {
					t.Errorf("%s: not accepted: %+v", name, e)
				}
			}
		}
	}
	r.check("s")
}

// TestRow54UnknownFieldsAreStored: fields that the SDK does not know, of names that it or the server does know, and of wrong kinds.
func TestRow54UnknownFieldsAreStored(t *testing.T) {
	raws := []json.RawMessage{json.RawMessage(`"text"`), json.RawMessage(`-1`), json.RawMessage(`{"a":[]}`), json.RawMessage(`[1]`), json.RawMessage(`null`), json.RawMessage(`true`), {}, nil, json.RawMessage(`{]`)}
	names := []string{
		"id", "type", "session_id", "parent_id", "seq", "timestamp", "duration_ms", "status", "trace_id", "span_id", "metadata", "cost", "tool_name", "attempt", "prompt_tokens", "messages", "tags",
		"metrics", "recoverable", "alternatives", "confidence", "time_to_first_token_ms", "into", "position", "received_at", "client_id", "clock_skew_ms", "", "new", "\xff", "\xfe", "a\"b",
	}
	kinds := []func() types.Event{
		func() types.Event { return types.Event{ToolCall: &types.ToolCall{}} },
		func() types.Event { return types.Event{LLMCall: &types.LLMCall{}} },
		func() types.Event { return types.Event{Decision: &types.Decision{}} },
		func() types.Event { return types.Event{Error: &types.ErrorEvent{}} },
		func() types.Event { return types.Event{Step: &types.Step{}} },
		func() types.Event { return types.Event{Feedback: &types.Feedback{}} },
		func() types.Event { return types.Event{Session: &types.SessionFields{}} },
		func() types.Event { return types.Event{Result: &types.SessionResult{}} },
		func() types.Event { return types.Event{Type: "made_up"} },
	}
	r := newPayloadRun(t)
	for _, raw := range raws {
		for _, kind := range kinds {
			for chunk := range slices.Chunk(names, 1) {
				e := kind()
				e.SessionID, e.Extra = "s", map[string]json.RawMessage{}
				for _, name := range chunk {
					e.Extra[name] = raw
				}
				if r.client.Record(t.Context(), e) == "" {
					t.Errorf("not accepted: %+v", e)
				}
			}
		}
	}
	r.check("s")
}

// TestRow58LargeEventsAreStored: cut, and with a marker, whatever it is that is large.
func TestRow58LargeEventsAreStored(t *testing.T) {
	r := newPayloadRun(t)
	session := r.client.Session("s")
	long := strings.Repeat("long \x00\" ", 150_000)
	many := make(map[string]json.RawMessage)
	for i := range 20_000 {
		many[fmt.Sprint("field ", i)] = json.RawMessage(`"` + strings.Repeat("v", 60) + `"`)
	}
	for _, e := range []types.Event{
		{LLMCall: &types.LLMCall{Model: long, Prompt: long, Response: long, Error: long, ToolDefinitions: json.RawMessage(`[` + strings.Repeat(`"x",`, 300_000) + `1]`)}},
		{LLMCall: &types.LLMCall{Model: "m", Messages: slices.Repeat([]types.Message{{Role: "user", Parts: []types.Part{{Type: types.PartText, Content: "text"}}}}, 20_000)}},
		{Error: &types.ErrorEvent{ErrorMessage: long, StackTrace: long}},
		{Decision: &types.Decision{Alternatives: slices.Repeat([]string{"alternative"}, 100_000)}},
		{Session: &types.SessionFields{Name: long, UserID: long, Tags: slices.Repeat([]string{"tag"}, 200_000), Input: long}},
		{Result: &types.SessionResult{Summary: long, Output: long}},
		{Step: &types.Step{Name: long, Kind: long}, Metadata: map[string]any{long: 1}, TraceID: long},
		{Type: "made_up", Extra: many},
	} {
		e.SessionID = "s"
		if r.client.Record(t.Context(), e) == "" {
			t.Errorf("%s was not accepted", e.Type)
		}
	}
	session.TrackFeedback(t.Context(), types.Feedback{Name: long, Comment: long})
	r.check("s")
}

// TestRow53ManyLargestCounts: each is one that the server takes; their sum is more than an integer holds.
func TestRow53ManyLargestCounts(t *testing.T) {
	const n = 9_300
	most, cost := int64(1_000_000_000_000_000), 1e6
	largest := int(most)
	if int64(largest) != most {
		return // an int of this machine holds no such count
	}
	r := newPayloadRun(t)
	usage := types.Usage{PromptTokens: largest, CompletionTokens: largest, TotalTokens: largest}
	for range n {
		r.client.Session("s").TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Usage: usage, Cost: &cost})
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := r.client.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	session, err := r.client.GetSession(ctx, "s")
	if err != nil {
		t.Fatalf("GetSession: %v", err)
	}
	if session.Events != n || session.Usage.PromptTokens < largest || session.Cost == nil || *session.Cost < cost {
		t.Errorf("the session has %d events, %+v, cost %v", session.Events, session.Usage, session.Cost)
	}
}

// TestRow53To58RandomPayloadsAreStored puts the values together at random.
func TestRow53To58RandomPayloadsAreStored(t *testing.T) {
	random := rand.New(rand.NewPCG(53, 58))
	var values []any
	for _, some := range []map[string]any{hostileNumbers(), hostileTexts(), hostileMethods()} {
		for _, name := range slices.Sorted(maps.Keys(some)) {
			values = append(values, some[name])
		}
	}
	var build func(depth int) any
	build = func(depth int) any {
		switch n := random.IntN(10); {
		case depth == 0 || n < 5:
			return values[random.IntN(len(values))]
		case n < 7:
			list := make([]any, random.IntN(4))
			for i := range list {
				list[i] = build(depth - 1)
			}
			return list
		default:
			object := make(map[string]any)
			for range random.IntN(4) {
				object[string([]byte{byte(random.IntN(256)), byte(random.IntN(256))})] = build(depth - 1)
			}
			return object
		}
	}
	r := newPayloadRun(t)
	for range 40 {
		r.putEverywhere(r.client.Session("s"), build(random.IntN(30)))
	}
	r.check("s")
}
