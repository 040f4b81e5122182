package types_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// TestEveryFieldTravels sets every field of every payload to something and expects it back, so that a field forgotten on the wire shows.
func TestEveryFieldTravels(t *testing.T) {
	for _, eventType := range knownTypes {
		event := unmarshal[types.Event](t, `{"type":"`+string(eventType)+`"}`)
		set := fillStruct(payloadOf(t, event))
		got := unmarshal[types.Event](t, marshal(t, event))
		if !reflect.DeepEqual(payloadOf(t, got).Interface(), payloadOf(t, event).Interface()) {
			t.Errorf("%s: of %v\n got %+v\nwant %+v", eventType, set, payloadOf(t, got), payloadOf(t, event))
		}
	}
}

func TestEverySessionFieldTravels(t *testing.T) {
	var session types.Session
	fillStruct(reflect.ValueOf(&session).Elem())
	if got := unmarshal[types.Session](t, marshal(t, session)); !reflect.DeepEqual(got, session) {
		t.Errorf("\n got %+v\nwant %+v", got, session)
	}
}

// payloadOf gives the struct behind the one payload pointer that is set.
func payloadOf(t *testing.T, event types.Event) reflect.Value {
	t.Helper()
	v := reflect.ValueOf(event)
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			return f.Elem()
		}
	}
	t.Fatalf("%s has no payload", event.Type)
	return reflect.Value{}
}

func fillStruct(v reflect.Value) (names []string) {
	for i := range v.NumField() {
		names = append(names, v.Type().Field(i).Name)
		fillField(v.Field(i))
	}
	return names
}

func fillField(f reflect.Value) {
	switch f.Interface().(type) {
	case time.Time:
		f.Set(reflect.ValueOf(sampleTime))
	case time.Duration:
		f.Set(reflect.ValueOf(sampleDuration))
	case *time.Time:
		f.Set(reflect.ValueOf(ptr(sampleTime)))
	case json.RawMessage:
		f.Set(reflect.ValueOf(json.RawMessage(`[1]`)))
	case types.Usage:
		fillStruct(f)
	case []types.Message:
		f.Set(reflect.ValueOf([]types.Message{{Role: "user"}}))
	case map[string]any:
		f.Set(reflect.ValueOf(map[string]any{"k": "v"}))
	case map[string]float64:
		f.Set(reflect.ValueOf(map[string]float64{"k": 1.5}))
	case []string:
		f.Set(reflect.ValueOf([]string{"a"}))
	case *float64:
		f.Set(reflect.ValueOf(ptr(0.5)))
	default:
		fillScalar(f)
	}
}

func fillScalar(f reflect.Value) {
	switch f.Kind() {
	case reflect.String:
		f.SetString("text of " + f.Type().Name())
	case reflect.Int:
		f.SetInt(3)
	case reflect.Bool:
		f.SetBool(true)
	default:
		f.Set(reflect.ValueOf(any("any")))
	}
}

// TestEventMarshal is for what the golden files do not show.
func TestEventMarshal(t *testing.T) {
	later := sampleTime.Add(time.Hour)
	tests := []struct {
		name  string
		event types.Event
		want  string
	}{
		{"empty", types.Event{}, `{}`},
		{"envelope only", types.Event{ID: "e", Type: types.EventToolCall}, `{"id":"e","type":"tool_call"}`},
		{"status kept as it is", types.Event{Type: types.EventStep, Status: "paused"}, `{"type":"step","status":"paused"}`},
		{
			"zone and nanoseconds",
			types.Event{Type: types.EventStep, Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 100, time.FixedZone("", 3600))},
			`{"type":"step","timestamp":"2026-01-02T02:04:05.0000001Z"}`,
		},
		{
			"envelope wins",
			types.Event{
				Timestamp: later, Duration: time.Second, Status: types.StatusError, Metadata: map[string]any{"a": 1},
				Step: &types.Step{StartTime: sampleTime, Duration: time.Hour, Status: types.StatusSuccess, Metadata: map[string]any{"b": 2}},
			},
			`{"type":"step","timestamp":"2026-11-22T01:16:56.123456789Z","duration_ms":1000,"status":"error","metadata":{"a":1}}`,
		},
		{
			"envelope's status of a session_end wins",
			types.Event{Status: types.StatusError, Result: &types.SessionResult{Status: types.StatusSuccess}},
			`{"type":"session_end","status":"error"}`,
		},
		{
			"empty map is absent",
			types.Event{Metadata: map[string]any{}, Step: &types.Step{Metadata: map[string]any{"b": 2}}},
			`{"type":"step","metadata":{"b":2}}`,
		},
		{"empty any is not absent", types.Event{Step: &types.Step{Input: map[string]any{}, Output: ""}}, `{"type":"step","input":{},"output":""}`},
		{"extra is sorted", types.Event{Type: types.EventStep, Extra: raws("b", "1", "a", `{"x": 1}`)}, `{"type":"step","a":{"x":1},"b":1}`},
		{
			"extra does not replace known fields",
			types.Event{Step: &types.Step{Name: "n"}, Extra: raws("name", `"x"`, "id", `"x"`, "chosen", `"x"`)},
			`{"type":"step","name":"n","chosen":"x"}`,
		},
		{"unknown type without raw", types.Event{ID: "e", Type: "handoff", Extra: raws("to", `"b"`)}, `{"id":"e","type":"handoff","to":"b"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := marshal(t, tt.event); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func raws(namesAndValues ...string) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	for i := 0; i < len(namesAndValues); i += 2 {
		m[namesAndValues[i]] = json.RawMessage(namesAndValues[i+1])
	}
	return m
}

func TestMarshalLeavesTheEventAlone(t *testing.T) {
	event := types.Event{Extra: raws("name", `"x"`), Step: &types.Step{Name: "n", StartTime: sampleTime}}
	marshal(t, event)
	if event.Type != "" || !event.Timestamp.IsZero() || len(event.Extra) != 1 {
		t.Errorf("changed to %+v", event)
	}
}

func TestTypeInferredFromPayload(t *testing.T) {
	for want, event := range map[types.EventType]types.Event{
		types.EventSessionStart: {Session: &types.SessionFields{}},
		types.EventSessionEnd:   {Result: &types.SessionResult{}},
		types.EventToolCall:     {ToolCall: &types.ToolCall{}},
		types.EventDecision:     {Decision: &types.Decision{}},
		types.EventLLMCall:      {LLMCall: &types.LLMCall{}},
		types.EventError:        {Error: &types.ErrorEvent{}},
		types.EventStep:         {Step: &types.Step{}},
		types.EventFeedback:     {Feedback: &types.Feedback{}},
	} {
		if got := unmarshal[types.Event](t, marshal(t, event)).Type; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPayloadErrors(t *testing.T) {
	tests := []struct {
		name  string
		event types.Event
		want  []string
		text  string
	}{
		{"two payloads", types.Event{Type: types.EventStep, Step: &types.Step{}, ToolCall: &types.ToolCall{}}, []string{"ToolCall", "Step"}, `types: event of type "step" carries ToolCall, Step: set exactly one payload`},
		{
			"another type's payload",
			types.Event{Type: types.EventStep, ToolCall: &types.ToolCall{}},
			[]string{"ToolCall"},
			`types: event of type "step" carries ToolCall, which is another type's payload: set the one of its type, or leave Type empty`,
		},
		{
			"payload on an unknown type",
			types.Event{Type: "handoff", Step: &types.Step{}},
			[]string{"Step"},
			`types: event of type "handoff" carries Step, which is another type's payload: set the one of its type, or leave Type empty`,
		},
		{"payload and raw", types.Event{Step: &types.Step{}, Raw: json.RawMessage(`{}`)}, []string{"Step", "Raw"}, `types: event of type "" carries Step, Raw: set exactly one payload`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := json.Marshal(tt.event)
			var wrong *types.PayloadError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v", err)
			}
			if wrong.Type != tt.event.Type || !reflect.DeepEqual(wrong.Payloads, tt.want) {
				t.Errorf("got %+v, want %v", wrong, tt.want)
			}
			if wrong.Error() != tt.text {
				t.Errorf("got %s\nwant %s", wrong, tt.text)
			}
		})
	}
}

func TestMarshalErrorsNameTheField(t *testing.T) {
	cycle := map[string]any{}
	cycle["self"] = cycle
	tests := []struct {
		field string
		event types.Event
	}{
		{"tool_input", types.Event{ToolCall: &types.ToolCall{ToolInput: math.NaN()}}},
		{"tool_output", types.Event{ToolCall: &types.ToolCall{ToolOutput: make(chan int)}}},
		{"metadata", types.Event{Step: &types.Step{Metadata: cycle}}},
		{"cost", types.Event{LLMCall: &types.LLMCall{Cost: ptr(math.Inf(1))}}},
		{"metrics", types.Event{Result: &types.SessionResult{Metrics: map[string]float64{"m": math.NaN()}}}},
		{"tool_definitions", types.Event{LLMCall: &types.LLMCall{ToolDefinitions: json.RawMessage("[")}}},
		{"timestamp", types.Event{Timestamp: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{"type", types.Event{Type: "Tool Call"}},
		{"x", types.Event{Type: types.EventStep, Extra: raws("x", "{")}},
		{"Raw", types.Event{Type: "handoff", Raw: json.RawMessage("[]")}},
		{"Raw", types.Event{Type: "handoff", Raw: json.RawMessage("null")}},
		{"messages.parts.arguments", types.Event{LLMCall: &types.LLMCall{Messages: []types.Message{{Parts: []types.Part{{Arguments: func() {}}}}}}}},
		{"messages.parts.Raw", types.Event{LLMCall: &types.LLMCall{Messages: []types.Message{{Parts: []types.Part{{Raw: json.RawMessage("{")}}}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			_, err := json.Marshal(tt.event)
			checkFieldError(t, err, tt.field)
		})
	}
}

func checkFieldError(t *testing.T, err error, path string) {
	t.Helper()
	var field *types.FieldError
	if !errors.As(err, &field) {
		t.Fatalf("got %v, want a FieldError", err)
	}
	if want := `types: field "` + path + `": `; !strings.HasPrefix(field.Error(), want) {
		t.Errorf("got %q, want it to begin with %q", field, want)
	}
	if outer, _, _ := strings.Cut(path, "."); field.Field != outer {
		t.Errorf("got field %q, want %q", field.Field, outer)
	}
}

func TestEventUnmarshal(t *testing.T) {
	tests := []struct {
		name, data string
		want       types.Event
	}{
		{"null is no change", `null`, types.Event{}},
		{"empty object", `{}`, types.Event{Raw: json.RawMessage(`{}`)}},
		{
			"null fields are absent", `{"type":"error","id":null,"seq":null,"timestamp":null,"duration_ms":null,"metadata":null,"recoverable":null}`,
			types.Event{Type: types.EventError, Error: &types.ErrorEvent{}},
		},
		{
			"last duplicate counts", `{"type":"decision","type":"step","name":"a","name":"b","metadata":{"a":1},"metadata":{"b":2}}`,
			types.Event{Type: types.EventStep, Metadata: map[string]any{"b": 2.0}, Step: &types.Step{Name: "b", Metadata: map[string]any{"b": 2.0}}},
		},
		{
			"names match exactly", `{"type":"step","Name":"a"}`,
			types.Event{Type: types.EventStep, Step: &types.Step{}, Extra: raws("Name", `"a"`)},
		},
		{
			"known for another type only", `{"type":"step","chosen":"a","x":null}`,
			types.Event{Type: types.EventStep, Step: &types.Step{}, Extra: raws("chosen", `"a"`, "x", "null")},
		},
		{
			"zone becomes UTC", `{"type":"error","timestamp":"2026-11-22T02:16:56.123456789+02:00"}`,
			types.Event{Type: types.EventError, Timestamp: sampleTime, Error: &types.ErrorEvent{StartTime: sampleTime}},
		},
		{
			"status of a later version", `{"type":"session_end","status":"paused"}`,
			types.Event{Type: types.EventSessionEnd, Status: "paused", Result: &types.SessionResult{Status: "paused"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := unmarshal[types.Event](t, tt.data); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestUnmarshalErrorsNameTheField(t *testing.T) {
	tests := []struct{ field, data, reason string }{
		{"id", `{"id":7}`, "want a string, got number"},
		{"type", `{"type":"Tool Call"}`, "want a lower-case letter"},
		{"seq", `{"seq":"7"}`, "want a whole number in range, got string"},
		{"seq", `{"seq":1.5}`, "want a whole number in range, got number 1.5"},
		{"timestamp", `{"timestamp":"yesterday"}`, "want an RFC 3339 time"},
		{"timestamp", `{"timestamp":7}`, "want an RFC 3339 time"},
		{"timestamp", `{"timestamp":"9999-12-31T23:59:59-01:00"}`, "year 10000 in UTC"},
		{"duration_ms", `{"duration_ms":"150"}`, "want a number of milliseconds"},
		{"duration_ms", `{"duration_ms":true}`, "want a number of milliseconds"},
		{"duration_ms", `{"duration_ms":1e30}`, "out of range"},
		{"metadata", `{"metadata":[]}`, "want an object, got array"},
		{"tool_name", `{"type":"tool_call","tool_name":{}}`, "want a string, got object"},
		{"cost", `{"type":"tool_call","cost":"0.1"}`, "want a number in range, got string"},
		{"recoverable", `{"type":"error","recoverable":"yes"}`, "want true or false, got string"},
		{"alternatives", `{"type":"decision","alternatives":"a"}`, "want an array, got string"},
		{"metrics", `{"type":"session_end","metrics":{"m":"1"}}`, "want a number in range, got string"},
		{"messages", `{"type":"llm_call","messages":{}}`, "want an array, got object"},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			event := types.Event{ID: "before"}
			err := json.Unmarshal([]byte(tt.data), &event)
			checkFieldError(t, err, tt.field)
			if !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("got %q, want it to say %q", err, tt.reason)
			}
			if !reflect.DeepEqual(event, types.Event{ID: "before"}) {
				t.Errorf("the event was changed to %+v", event)
			}
		})
	}
}

func TestUnmarshalWantsAnObject(t *testing.T) {
	for _, value := range []any{new(types.Event), new(types.Session), new(types.Message), new(types.Part)} {
		err := json.Unmarshal([]byte(`[1]`), value)
		if err == nil || err.Error() != "types: want an object, got array" {
			t.Errorf("%T: got %v", value, err)
		}
	}
}

// TestNullChangesNothing: null is no value to encoding/json, and to us.
func TestNullChangesNothing(t *testing.T) {
	event, session, message, part := types.Event{ID: "e"}, types.Session{ID: "s"}, types.Message{Role: "r"}, types.Part{Type: "p"}
	for _, value := range []json.Unmarshaler{&event, &session, &message, &part} {
		if err := value.UnmarshalJSON([]byte(`null`)); err != nil {
			t.Errorf("%T: %v", value, err)
		}
	}
	if event.ID != "e" || session.ID != "s" || message.Role != "r" || part.Type != "p" {
		t.Errorf("changed to %+v, %+v, %+v, %+v", event, session, message, part)
	}
}

// TestReadersMayUseEither: what envelope and payload share is in both after reading, and the metadata is one map.
func TestReadersMayUseEither(t *testing.T) {
	event := unmarshal[types.Event](t, marshal(t, fullToolCall()))
	call := event.ToolCall
	if call.StartTime != event.Timestamp || call.Duration != event.Duration || call.Status != event.Status {
		t.Errorf("envelope %+v, payload %+v", event, call)
	}
	call.Metadata["added"] = true
	if event.Metadata["added"] != true {
		t.Error("envelope and payload have two maps")
	}
}

// TestHTMLIsLeftToTheEncoder: escaping for HTML is the outer encoder's choice, not ours.
func TestHTMLIsLeftToTheEncoder(t *testing.T) {
	event := types.Event{Step: &types.Step{Name: "<&>"}}
	direct, err := event.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"type":"step","name":"<&>"}`; string(direct) != want {
		t.Errorf("got %s, want %s", direct, want)
	}
}
