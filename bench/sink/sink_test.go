package sink_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/bench/sink"
	"github.com/sentrial/sentrial-go/bench/work"
	"github.com/sentrial/sentrial-go/types"
)

// post sends a body and returns the answer.
func post(t *testing.T, s *sink.Sink, path, encoding string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Encoding", encoding)
	s.ServeHTTP(w, r)
	return w
}

// batch is our wire with the events of some calls.
func batch(t *testing.T, events ...types.Event) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func toolEvent(i int, change ...func(*types.Event)) types.Event {
	tool := work.New().Tools[i]
	return changed(types.Event{
		Type: types.EventToolCall, ID: fmt.Sprintf("evt_tool%d", i), SessionID: "sess_1", ParentID: "evt_parent", Seq: int64(1 + 2*i), Timestamp: time.Now(),
		Status: types.StatusSuccess, Duration: tool.Duration, TraceID: "trace", SpanID: "span",
		ToolCall: &types.ToolCall{ToolName: tool.Name, ToolInput: tool.Input, ToolOutput: tool.Output, Reasoning: tool.Reasoning},
	}, change)
}

func llmEvent(i int, change ...func(*types.Event)) types.Event {
	llm := work.New().LLMs[i]
	return changed(types.Event{
		Type: types.EventLLMCall, ID: fmt.Sprintf("evt_llm%d", i), SessionID: "sess_1", ParentID: "evt_parent", Seq: int64(2 + 2*i), Timestamp: time.Now(),
		Status: types.StatusSuccess, Duration: llm.Duration,
		LLMCall: &types.LLMCall{
			Model: llm.Model, Prompt: llm.Prompt, Response: llm.Response, Cost: &llm.Cost,
			Usage: types.Usage{PromptTokens: llm.PromptTokens, CompletionTokens: llm.CompletionTokens, TotalTokens: llm.TotalTokens},
		},
	}, change)
}

func changed(e types.Event, change []func(*types.Event)) types.Event {
	for _, f := range change {
		f(&e)
	}
	return e
}

func TestEventsAreCountedOnEveryWire(t *testing.T) {
	plain := batch(t, toolEvent(3), llmEvent(4))
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for encoding, body := range map[string][]byte{"": plain, "gzip": zipped.Bytes(), "zstd": e.EncodeAll(plain, nil)} {
		s := sink.New()
		for range 2 {
			if w := post(t, s, "/v1/events", encoding, body); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"accepted":2,`) {
				t.Errorf("%q: answer %d %s", encoding, w.Code, w.Body)
			}
		}
		got := s.Snapshot()
		if got.Events != 4 || got.Counts.Tools[3] != 2 || got.Counts.LLMs[4] != 2 || got.Counts.Sum() != 4 || got.Changed != 0 || got.Requests != 2 {
			t.Errorf("%q: %d events, %d changed", encoding, got.Events, got.Changed)
		}
		if got.WireBytes != uint64(2*len(body)) || got.OpenBytes != uint64(2*len(plain)) {
			t.Errorf("%q: %d bytes, %d opened, want %d and %d", encoding, got.WireBytes, got.OpenBytes, 2*len(body), 2*len(plain))
		}
	}
}

// TestTextsAsTheyStandInProtobuf: JSON objects inside a binary message, and strings as they are.
func TestTextsAsTheyStandInProtobuf(t *testing.T) {
	w := work.New()
	in, err := json.Marshal(w.Tools[1].Input)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(w.Tools[1].Output)
	if err != nil {
		t.Fatal(err)
	}
	message := "\x0a\x05" + string(in) + "\x12\x07" + string(out) + "\xff" + w.LLMs[2].Prompt + "\x00" + w.LLMs[2].Response
	s := sink.New()
	post(t, s, "/v1/traces", "", []byte(message))
	if got := s.Snapshot(); got.Events != 2 || got.Changed != 0 {
		t.Fatalf("%d events, %d changed, want 2 and 0", got.Events, got.Changed)
	}
}

func TestAnEventThatIsNotAsItWasIsChanged(t *testing.T) {
	for name, body := range map[string][]byte{
		"a number of the input": batch(t, toolEvent(1, func(e *types.Event) { e.ToolCall.ToolInput.(map[string]any)["limit"] = -1 })),
		"a number of the output": batch(t, toolEvent(1, func(e *types.Event) {
			e.ToolCall.ToolOutput.(map[string]any)["scores"] = []float64{work.Canary, 0, 0}
		})),
		"no output":       batch(t, toolEvent(1, func(e *types.Event) { e.ToolCall.ToolOutput = nil })),
		"a letter":        batch(t, llmEvent(1, func(e *types.Event) { e.LLMCall.Prompt = e.LLMCall.Prompt[:1000] + "X" + e.LLMCall.Prompt[1001:] })),
		"a cut response":  batch(t, llmEvent(1, func(e *types.Event) { e.LLMCall.Response = e.LLMCall.Response[:1000] })),
		"another's texts": batch(t, llmEvent(1, func(e *types.Event) { e.LLMCall.Response = work.New().LLMs[2].Response[:500] })),
	} {
		s := sink.New()
		post(t, s, "/v1/events", "", body)
		if got := s.Snapshot(); got.Events != 1 || got.Changed != 1 {
			t.Errorf("%s: %d events, %d changed, want 1 and 1", name, got.Events, got.Changed)
		}
	}
}

func TestABodyThatCannotBeReadCountsAsSuch(t *testing.T) {
	s := sink.New()
	for _, encoding := range []string{"gzip", "zstd", "br"} {
		if w := post(t, s, "/v1/events", encoding, []byte("nonsense")); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", encoding, w.Code)
		}
	}
	if got := s.Snapshot(); got.Unreadable != 3 || got.Events != 0 {
		t.Errorf("%d unreadable, want 3", got.Unreadable)
	}
}

func TestFieldsOfOurOwnWireAreRead(t *testing.T) {
	s := sink.New(sink.WithRecords())
	step := types.Event{Type: types.EventStep, ID: "evt_step", SessionID: "sess_1", Seq: 5, Timestamp: time.Now(), Step: &types.Step{Name: "answer"}}
	open := changed(step, []func(*types.Event){func(e *types.Event) { e.Status = types.StatusRunning }})
	post(t, s, "/v1/events", "", batch(t, toolEvent(0), llmEvent(0), open))
	post(t, s, "/v1/events", "", batch(t, toolEvent(1), llmEvent(1), step))
	got := s.Snapshot().Records
	if got.Events != 4 || got.Others != 1 || got.Wrong != 0 || got.Duplicates != 0 || got.SeqGaps != 0 || got.Parents != 1 || got.Traces != 1 {
		t.Fatalf("got %+v", got)
	}
}

func TestWhatIsWrongInARecordIsFound(t *testing.T) {
	change := func(f func(*types.Event)) []byte { return batch(t, toolEvent(0), llmEvent(0, f)) }
	for name, c := range map[string]struct {
		body []byte
		bad  func(*sink.Records) bool
	}{
		"same id":       {change(func(e *types.Event) { e.ID = "evt_tool0" }), func(r *sink.Records) bool { return r.Duplicates == 1 }},
		"gap":           {change(func(e *types.Event) { e.Seq = 3 }), func(r *sink.Records) bool { return r.SeqGaps == 1 }},
		"duration":      {change(func(e *types.Event) { e.Duration += time.Microsecond }), func(r *sink.Records) bool { return r.Wrong == 1 && strings.Contains(r.FirstWrong, "duration") }},
		"cost":          {change(func(e *types.Event) { e.LLMCall.Cost = nil }), func(r *sink.Records) bool { return r.Wrong == 1 && strings.Contains(r.FirstWrong, "cost") }},
		"tokens":        {change(func(e *types.Event) { e.LLMCall.Usage.TotalTokens-- }), func(r *sink.Records) bool { return r.Wrong == 1 }},
		"status":        {change(func(e *types.Event) { e.Status = types.StatusError }), func(r *sink.Records) bool { return r.Wrong == 1 }},
		"other parents": {change(func(e *types.Event) { e.ParentID = "evt_other" }), func(r *sink.Records) bool { return r.Parents == 2 }},
		"other content": {change(func(e *types.Event) { e.LLMCall.Response = "" }), func(r *sink.Records) bool { return r.Wrong == 1 }},
		"no marker":     {change(func(e *types.Event) { e.LLMCall.Prompt = "hello" }), func(r *sink.Records) bool { return r.Wrong == 1 }},
		"no batch":      {[]byte("{"), func(r *sink.Records) bool { return r.Wrong == 1 }},
	} {
		s := sink.New(sink.WithRecords())
		post(t, s, "/v1/events", "", c.body)
		if got := s.Snapshot().Records; !c.bad(got) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestASlowSinkAnswersLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sink.New(sink.WithDelay(5 * time.Second))
		began := time.Now()
		if w := post(t, s, "/v1/events", "", batch(t, toolEvent(0))); w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("answered after %v, want 5s", took)
		}
	})
}

func FuzzBody(f *testing.F) {
	f.Add("gzip", []byte("EVT.T0001."))
	f.Add("zstd", []byte("\x28\xb5\x2f\xfd"))
	f.Add("", []byte(`{"events":[{"type":"tool_call","tool_input":{"query":"EVT.T0000.","limit":1}},{"type":"llm_call","prompt":"EVT.L1023."}]}OUT.L9999.EVT.X0000.EVT.`))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		if strings.ContainsAny(encoding, "\r\n") || len(body) > 1<<10 { // a short body can be opened to a huge one
			return
		}
		s := sink.New(sink.WithRecords())
		post(t, s, "/v1/events", encoding, body)
		if got := s.Snapshot(); got.Counts.Sum() != got.Events {
			t.Fatalf("%d events, %d counted", got.Events, got.Counts.Sum())
		}
	})
}
