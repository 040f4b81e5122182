package sentrial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123456789, time.UTC)

// payloads makes an empty one of each payload type.
var payloads = map[types.EventType]func(*types.Event) any{
	types.EventSessionStart:  func(e *types.Event) any { e.Session = new(types.SessionFields); return e.Session },
	types.EventSessionUpdate: func(e *types.Event) any { e.Session = new(types.SessionFields); return e.Session },
	types.EventSessionEnd:    func(e *types.Event) any { e.Result = new(types.SessionResult); return e.Result },
	types.EventToolCall:      func(e *types.Event) any { e.ToolCall = new(types.ToolCall); return e.ToolCall },
	types.EventDecision:      func(e *types.Event) any { e.Decision = new(types.Decision); return e.Decision },
	types.EventLLMCall:       func(e *types.Event) any { e.LLMCall = new(types.LLMCall); return e.LLMCall },
	types.EventError:         func(e *types.Event) any { e.Error = new(types.ErrorEvent); return e.Error },
	types.EventStep:          func(e *types.Event) any { e.Step = new(types.Step); return e.Step },
	types.EventFeedback:      func(e *types.Event) any { e.Feedback = new(types.Feedback); return e.Feedback },
}

// maker makes up values for the fields of an event.
type maker struct {
	*rand.Rand
	texts   []string
	values  []any
	numbers []float64
	full    bool // every field is set; else every other one
}

func newMaker(seed uint64) *maker {
	return &maker{
		Rand:  rand.New(rand.NewPCG(seed, 0)),
		texts: []string{"plain", "with \"quotes\", \\ and\nlines\t\u0001", "<html> & co", "world 世界 😀 \u2028", "bad \xff\xfe utf-8 \xed\xa0\x80", strings.Repeat("long ", 300)},
		values: []any{
			"text", 1, -1.5, true, int64(1 << 60), uint64(1<<63 + 1), json.Number("123456789012345678901234567890"),
			[]any{nil, "a", 2.5, []any{}},
			map[string]any{"a": map[string]any{"b": []any{1, "x"}}, "": 0},
			[]string{"a", "b"},
			map[string]string{"k": "v"},
			json.RawMessage(`{"raw": [1, 2.50]}`),
			noon, time.Second, []byte("bytes"),
			struct {
				A int    `json:"a"`
				B string `json:"-"`
			}{1, "hidden"},
			"",
		},
		numbers: []float64{0, 1, 2.5, 0.1, 1e-9, 123456.789, 1e6, math.SmallestNonzeroFloat64},
	}
}

func pick[T any](m *maker, list []T) T { return list[m.IntN(len(list))] }

func (m *maker) event(t types.EventType) *types.Event {
	e := &types.Event{
		ID: "evt_1", Type: t, SessionID: "sess:1.a", ParentID: "evt_0", Seq: m.Int64N(1000), Timestamp: noon.Add(time.Duration(m.Int64N(1e15))),
		Duration: time.Duration(m.Int64N(1e12)), Status: types.StatusError, TraceID: strings.Repeat("0a", 16), SpanID: strings.Repeat("1b", 8),
	}
	if m.set() {
		m.fill(reflect.ValueOf(&e.Metadata).Elem())
	}
	if payload := payloads[t]; payload != nil {
		m.fillStruct(reflect.ValueOf(payload(e)).Elem())
	}
	if m.set() {
		e.Extra = map[string]json.RawMessage{"x_number": json.RawMessage("1.0"), "x \"quoted\"": json.RawMessage(`{"a" : [null]}`)}
	}
	return e
}

func (m *maker) set() bool { return m.full || m.IntN(2) == 0 }

func (m *maker) fillStruct(v reflect.Value) {
	for i := range v.NumField() {
		switch v.Type().Field(i).Name {
		case "StartTime", "Duration", "Status", "Metadata": // the envelope has them
			continue
		}
		if m.set() {
			m.fill(v.Field(i))
		}
	}
}

func (m *maker) fill(v reflect.Value) {
	switch p := v.Addr().Interface().(type) {
	case *string:
		*p = pick(m, m.texts)
	case *int:
		*p = m.IntN(1e6)
	case *bool:
		*p = true
	case **float64:
		f := pick(m, m.numbers)
		*p = &f
	case *time.Duration:
		*p = time.Duration(m.Int64N(1e12))
	case *any:
		*p = pick(m, m.values)
	case *[]string:
		*p = []string{pick(m, m.texts), pick(m, m.texts)}
	case *map[string]any:
		*p = map[string]any{"value": pick(m, m.values), "text": pick(m, m.texts), "int": 7}
	case *map[string]float64:
		*p = map[string]float64{"a": pick(m, m.numbers), "b": pick(m, m.numbers)}
	case *json.RawMessage:
		*p = json.RawMessage(` [ {"type" : "function"} ]`)
	case *types.Usage:
		m.fillStruct(v)
	case *[]types.Message:
		*p = m.messages()
	default:
		panic(fmt.Sprintf("no values for a field of type %s", v.Type()))
	}
}

func (m *maker) messages() []types.Message {
	return []types.Message{
		{Role: "system", Name: "n", Parts: []types.Part{{Type: types.PartText, Content: pick(m, m.texts)}, {Type: types.PartReasoning, Content: "why"}}},
		{Role: "assistant", FinishReason: "stop", Parts: []types.Part{
			{Type: types.PartToolCall, ID: "c1", Name: "f", Arguments: pick(m, m.values)}, {Type: types.PartToolCallResponse, ID: "c1", Response: pick(m, m.values)},
		}},
		{Role: "user", Parts: []types.Part{{Type: "image", Raw: json.RawMessage(`{"type":"image","url":"u","n":[1.50]}`)}}},
	}
}

// meaning is what a reader makes of an event's JSON: decoded by package types, written again, and taken apart.
func meaning(t testing.TB, data []byte) any {
	t.Helper()
	var e types.Event
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatalf("a reader cannot decode it: %v\n%.2000s", err, data)
	}
	again, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return tree(t, again)
}

func tree(t testing.TB, data []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || d.More() {
		t.Fatalf("not one JSON value (%v): %.2000s", err, data)
	}
	return v
}

// members decodes an event's JSON as a map.
func members(t testing.TB, data []byte) map[string]any {
	t.Helper()
	m, ok := tree(t, data).(map[string]any)
	if !ok {
		t.Fatalf("not an object: %.200s", data)
	}
	return m
}

// checkMeaning compares what the snapshot made of e with what encoding/json makes of it.
func checkMeaning(t testing.TB, e *types.Event) {
	t.Helper()
	want, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	got := sentrial.EventJSON(e)
	if !reflect.DeepEqual(meaning(t, got), meaning(t, want)) {
		t.Errorf("the record means something else\n got %s\nwant %s", got, want)
	}
}

func TestSnapshotMeansWhatTheEventSays(t *testing.T) {
	for eventType := range payloads {
		t.Run(string(eventType), func(t *testing.T) {
			for seed := range uint64(100) {
				m := newMaker(seed)
				m.full = seed == 0
				checkMeaning(t, m.event(eventType))
			}
			checkMeaning(t, &types.Event{ID: "e", Type: eventType, SessionID: "s", Timestamp: noon})
		})
	}
}

func TestSnapshotOfUnknownTypes(t *testing.T) {
	for _, raw := range []string{
		`{"id":"e","type":"handoff","session_id":"s","timestamp":"2026-11-22T12:00:00.000000001Z","to":"b","n":1.50,"deep":{"a":[1e400]},"metadata":{"k":12345678901234567890}}`,
		`{"type":"x_1","id":"e","session_id":"s","timestamp":"1970-01-02T03:04:05.5Z","seq":7,"status":"cancelled","name":"n","tool_name":{"no":"string"},"":null}`,
	} {
		var e types.Event
		if err := json.Unmarshal([]byte(raw), &e); err != nil {
			t.Fatal(err)
		}
		checkMeaning(t, &e)
		e.Extra = map[string]json.RawMessage{"added": json.RawMessage("true"), "to": json.RawMessage(`"c"`)}
		e.ParentID = "evt_p"
		checkMeaning(t, &e)
	}
	checkMeaning(t, &types.Event{ID: "e", Type: "bare", SessionID: "s", Timestamp: noon, Extra: map[string]json.RawMessage{"a": json.RawMessage("1")}})
}

func TestSnapshotSaysWhatItCouldNotKeep(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name  string
		event types.Event
		gone  string // the field that is left out
		note  string // its name in the metadata
	}{
		{"NaN cost", types.Event{ToolCall: &types.ToolCall{Cost: &nan}}, "cost", "omitted_cost"},
		{"negative cost", types.Event{LLMCall: &types.LLMCall{Cost: sentrial.Ptr(-0.5)}}, "cost", "omitted_cost"},
		{"status of no wire", types.Event{Status: "paused", Step: &types.Step{}}, "", "omitted_status"},
		{"infinite confidence", types.Event{Decision: &types.Decision{Confidence: &inf}}, "confidence", "omitted_confidence"},
		{"NaN score", types.Event{Feedback: &types.Feedback{Score: &nan}}, "score", "omitted_score"},
		{"negative tokens", types.Event{LLMCall: &types.LLMCall{Usage: types.Usage{PromptTokens: -3}}}, "prompt_tokens", "omitted_prompt_tokens"},
		{"negative attempt", types.Event{ToolCall: &types.ToolCall{Attempt: -1}}, "attempt", "omitted_attempt"},
		{"negative seq", types.Event{Seq: -1, Step: &types.Step{}}, "seq", "omitted_seq"},
		{"negative duration", types.Event{Duration: -time.Second, Step: &types.Step{}}, "duration_ms", "omitted_duration_ms"},
		{"only NaN metrics", types.Event{Result: &types.SessionResult{Metrics: map[string]float64{"m": nan}}}, "metrics", "omitted_metrics.m"},
		{"huge duration", types.Event{Duration: math.MaxInt64, Step: &types.Step{}}, "duration_ms", "omitted_duration_ms"},
		{"huge cost", types.Event{ToolCall: &types.ToolCall{Cost: sentrial.Ptr(1e9)}}, "cost", "omitted_cost"},
		{"year 1969", types.Event{Timestamp: time.Unix(-1, 0), Step: &types.Step{}}, "", "omitted_timestamp"},
		{"year 2262", types.Event{Timestamp: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC), Step: &types.Step{}}, "", "omitted_timestamp"},
		{"year 10000", types.Event{Timestamp: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Step: &types.Step{}}, "", "omitted_timestamp"},
		{"year -1", types.Event{Timestamp: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), Step: &types.Step{}}, "", "omitted_timestamp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := tt.event
			e.ID, e.SessionID, e.Metadata = "e", "s", map[string]any{"mine": "kept"}
			if e.Timestamp.IsZero() {
				e.Timestamp = noon
			}
			if err := e.Complete(); err != nil {
				t.Fatal(err)
			}
			data := sentrial.EventJSON(&e)
			meaning(t, data) // a reader must be able to decode it
			m := members(t, data)
			if v, there := m[tt.gone]; there {
				t.Errorf("%s is there: %v", tt.gone, v)
			}
			metadata := m["metadata"].(map[string]any)
			if metadata[tt.note] == nil || metadata["mine"] != "kept" {
				t.Errorf("the metadata says %v, want mine and %s", metadata, tt.note)
			}
			if len(e.Metadata) != 1 {
				t.Errorf("the caller's metadata was changed to %v", e.Metadata)
			}
		})
	}
}

func TestSnapshotKeepsTheOtherMetrics(t *testing.T) {
	metrics := map[string]float64{"good": 1.5, "bad": math.Inf(-1)}
	data := sentrial.EventJSON(&types.Event{ID: "e", Type: types.EventSessionEnd, SessionID: "s", Timestamp: noon, Result: &types.SessionResult{Metrics: metrics}})
	meaning(t, data)
	m := members(t, data)
	if want := any(map[string]any{"good": json.Number("1.5")}); !reflect.DeepEqual(m["metrics"], want) {
		t.Errorf("got %v, want %v", m["metrics"], want)
	}
	if len(metrics) != 2 {
		t.Error("the caller's map was changed")
	}
}

// TestTimestamps: every instant that a server keeps is exact to the nanosecond, whatever its zone.
func TestTimestamps(t *testing.T) {
	for _, at := range []time.Time{
		noon, noon.In(time.FixedZone("", -7*3600-1800)), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Now(),
	} {
		got := members(t, sentrial.EventJSON(&types.Event{ID: "e", Type: "step", SessionID: "s", Timestamp: at}))["timestamp"]
		if want := at.UTC().Format(time.RFC3339Nano); got != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

// TestSnapshotIsFinal: what the caller does to its maps afterwards is not in the record.
func TestSnapshotIsFinal(t *testing.T) {
	inner := []any{"before"}
	input := map[string]any{"list": inner, "text": "before"}
	strs := []string{"before"}
	raw := json.RawMessage(`"before"`)
	e := &types.Event{
		ID: "e", Type: types.EventToolCall, SessionID: "s", Timestamp: noon, Metadata: map[string]any{"strings": strs, "raw": raw},
		ToolCall: &types.ToolCall{ToolInput: input, ToolOutput: strs},
	}
	record := sentrial.EventRecord(e)
	before := string(sentrial.RecordJSON(record))
	inner[0], input["text"], strs[0] = "after", "after", "after"
	copy(raw, `"AFTERX"`)
	clear(e.Metadata)
	if after := string(sentrial.RecordJSON(record)); after != before || strings.Contains(after, "after") || strings.Contains(after, "AFTER") {
		t.Errorf("the record changed with the caller's values:\n%s\n%s", before, after)
	}
}

// TestEncodingIsRepeatable: a resend carries the same bytes, alone or in another batch.
func TestEncodingIsRepeatable(t *testing.T) {
	body := sentrial.NewBodyMaker(sentrial.CompressionNone)
	var records [][]byte
	for eventType := range payloads {
		records = append(records, sentrial.EventRecord(newMaker(1).event(eventType)))
	}
	all := body.JSON(nil, records)
	for _, r := range records {
		if one := sentrial.RecordJSON(r); !bytes.Contains(all, one) || !bytes.Equal(one, sentrial.RecordJSON(r)) {
			t.Errorf("another encoding of the same record: %s", one)
		}
	}
	if n := len(tree(t, all).(map[string]any)["events"].([]any)); n != len(records) {
		t.Errorf("%d events in the body, want %d", n, len(records))
	}
}

// FuzzSnapshot: whatever an event holds, its record is JSON that readers decode, of bounded size; and what encoding/json can say it says too.
func FuzzSnapshot(f *testing.F) {
	f.Add(uint64(1), "text", uint16(1), []byte(`{"a":[1,2.5,"x"]}`), 0.5, int64(7))
	f.Add(uint64(2), "bad \xff utf-8", uint16(1), []byte(`not JSON`), math.NaN(), int64(-7))
	f.Add(uint64(3), "\x00", uint16(65000), []byte(`{"$ref":"sha256:"}`), math.Inf(1), int64(math.MinInt64))
	f.Add(uint64(4), "many \"quotes\"", uint16(50000), []byte(`{"a":1,"a":2}`), math.Copysign(0, -1), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, seed uint64, text string, times uint16, raw []byte, number float64, count int64) {
		text = strings.Repeat(text, int(times)%(1+(2<<20)/(len(text)+1)))
		m := newMaker(seed)
		m.texts, m.numbers = append(m.texts, text), []float64{min(math.Abs(number), 1e6)}
		m.values = []any{text, json.RawMessage(raw), number, map[string]any{strings.ToValidUTF8(text, "?"): text}}
		var decoded any
		if json.Unmarshal(raw, &decoded) == nil {
			m.values = append(m.values, decoded)
		}
		known := []types.EventType{
			types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd, types.EventToolCall, types.EventDecision, types.EventLLMCall, types.EventError,
			types.EventStep, types.EventFeedback,
		}
		e := m.event(known[seed%uint64(len(known))])
		e.Seq, e.Duration = count, time.Duration(count)
		e.Extra = map[string]json.RawMessage{"x_" + strings.ToValidUTF8(text, "?"): raw}
		checkSnapshot(t, e)
	})
}

func checkSnapshot(t *testing.T, e *types.Event) {
	record := sentrial.EventRecord(e)
	data := sentrial.RecordJSON(record)
	if !utf8.Valid(data) || len(data) > sentrial.MaxEventBytes {
		t.Fatalf("%d bytes, valid UTF-8 = %t: %.2000q", len(data), utf8.Valid(data), data)
	}
	if !bytes.Equal(data, sentrial.RecordJSON(record)) {
		t.Error("the same record gave other JSON")
	}
	got := meaning(t, data)
	want, err := json.Marshal(e)
	if err != nil || e.Seq < 0 || e.Duration < 0 || e.Duration > 10*365*24*time.Hour || len(want) > sentrial.MaxEventBytes/2 {
		return // encoding/json gives up where the record has a marker, or they differ on purpose
	}
	if !reflect.DeepEqual(got, meaning(t, want)) {
		t.Errorf("the record means something else\n got %.2000s\nwant %.2000s", data, want)
	}
}

func jsonNumber(s string) any { return json.Number(s) }
