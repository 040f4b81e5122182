package sentrial_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// isContent says of each field of an event whether it holds what somebody said, or a fact. A field that is not here yet fails TestContentOfEveryField: whoever adds one
// decides.
var isContent = map[string]bool{
	"ID": false, "Type": false, "SessionID": false, "ParentID": false, "Seq": false, "Timestamp": false, "Duration": false, "Status": false, "TraceID": false,
	"SpanID": false, "Metadata": false, "Extra": true, "Raw": true,

	"Session.Name": false, "Session.AgentName": false, "Session.AgentVersion": false, "Session.UserID": false, "Session.ConversationID": false,
	"Session.ParentSessionID": false, "Session.Input": true, "Session.Tags": false,

	"Result.Status": false, "Result.Summary": true, "Result.Output": true, "Result.Metrics": false,

	"ToolCall.ToolName": false, "ToolCall.CallID": false, "ToolCall.ToolInput": true, "ToolCall.ToolOutput": true, "ToolCall.Reasoning": true,
	"ToolCall.Status": false, "ToolCall.Error": true, "ToolCall.Attempt": false, "ToolCall.StartTime": false, "ToolCall.Duration": false, "ToolCall.Cost": false,
	"ToolCall.Metadata": false,

	"Decision.Reasoning": true, "Decision.Alternatives": true, "Decision.Chosen": true, "Decision.Confidence": false, "Decision.StartTime": false,
	"Decision.Metadata": false,

	"LLMCall.Model": false, "LLMCall.RequestModel": false, "LLMCall.Provider": false, "LLMCall.Operation": false, "LLMCall.ResponseID": false,
	"LLMCall.Prompt": true, "LLMCall.Response": true, "LLMCall.Messages": true, "LLMCall.OutputMessages": true, "LLMCall.ToolDefinitions": true,
	"LLMCall.Parameters": false, "LLMCall.PromptName": false, "LLMCall.PromptVersion": false,
	"LLMCall.Usage.PromptTokens": false, "LLMCall.Usage.CompletionTokens": false, "LLMCall.Usage.TotalTokens": false, "LLMCall.Usage.CachedTokens": false,
	"LLMCall.Usage.CacheWriteTokens": false, "LLMCall.Usage.ReasoningTokens": false,
	"LLMCall.Cost": false, "LLMCall.FinishReason": false, "LLMCall.Attempts": false, "LLMCall.StartTime": false, "LLMCall.Duration": false,
	"LLMCall.TimeToFirstToken": false, "LLMCall.Status": false, "LLMCall.Error": true, "LLMCall.Metadata": false,

	"Error.ErrorType": false, "Error.ErrorMessage": true, "Error.StackTrace": true, "Error.Recoverable": false, "Error.RecoveryAction": false,
	"Error.StartTime": false, "Error.Metadata": false,

	"Step.Name": false, "Step.Kind": false, "Step.Input": true, "Step.Output": true, "Step.Status": false, "Step.Error": true, "Step.StartTime": false,
	"Step.Duration": false, "Step.Metadata": false,

	"Feedback.Name": false, "Feedback.Score": false, "Feedback.Label": false, "Feedback.Comment": true, "Feedback.EventID": false, "Feedback.UserID": false,
	"Feedback.Metadata": false,
}

// fieldPaths are the fields of a struct with those of the structs in it.
func fieldPaths(t reflect.Type, above string) (paths []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() {
			paths = append(paths, fieldPaths(inner, above+f.Name+".")...)
		} else {
			paths = append(paths, above+f.Name)
		}
	}
	return paths
}

// eventSaying is an event of which one field says the canary, or has some other value if it is no text.
func eventSaying(t *testing.T, path string) types.Event {
	t.Helper()
	e := types.Event{ID: "evt_1", SessionID: "sess_1", Seq: 1, Timestamp: noon}
	names := strings.Split(path, ".")
	v := reflect.ValueOf(&e).Elem()
	for _, name := range names {
		if v = v.FieldByName(name); v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct {
			v.Set(reflect.New(v.Type().Elem()))
			v = v.Elem()
		}
	}
	sayCanary(t, v)
	switch {
	case path == "Raw":
		e.Type = "made_up"
	case len(names) == 1: // of the envelope
		e.Type, e.Step = types.EventStep, new(types.Step)
	}
	return e
}

func sayCanary(t *testing.T, v reflect.Value) {
	t.Helper()
	switch p := v.Addr().Interface().(type) {
	case *types.EventType:
		*p = types.EventStep
	case *types.Status:
		*p = types.StatusError
	case *string:
		*p = "says_" + canary
	case *int:
		*p = 7
	case *int64:
		*p = 7
	case *bool:
		*p = true
	case **float64:
		*p = sentrial.Ptr(0.5)
	case *time.Time:
		*p = noon
	case *time.Duration:
		*p = time.Second
	case *any:
		*p = map[string]any{"deep": []any{canary, map[string]string{canary: canary}}, "n": 1}
	case *[]string:
		*p = []string{canary, "b " + canary, ""}
	case *map[string]any:
		*p = map[string]any{"k": canary}
	case *map[string]float64:
		*p = map[string]float64{canary: 1}
	case *json.RawMessage:
		*p = json.RawMessage(`{"type":"made_up","a":"` + canary + `","b":["` + canary + `"],"c":{"d":"` + canary + `"}}`)
	case *map[string]json.RawMessage:
		*p = map[string]json.RawMessage{"a": json.RawMessage(`"` + canary + `"`), "b": json.RawMessage(`["` + canary + `"]`), "tool_name": json.RawMessage(`{"d":"` + canary + `"}`)}
	case *[]types.Message:
		*p = []types.Message{sayingMessage(t), sayingMessage(t)}
	default:
		t.Fatalf("no way to put the canary into a %s: add one", v.Type())
	}
}

// sayingMessage has the canary in each field, and in each field of a part.
func sayingMessage(t *testing.T) types.Message {
	t.Helper()
	var m types.Message
	var p types.Part
	for _, s := range []reflect.Value{reflect.ValueOf(&m).Elem(), reflect.ValueOf(&p).Elem()} {
		for i := range s.NumField() {
			if s.Type().Field(i).Name != "Parts" {
				sayCanary(t, s.Field(i))
			}
		}
	}
	raw := p
	p.Raw = nil
	m.Parts = []types.Part{p, raw}
	return m
}

// recordedIn gives the members of an event as they arrive from a client in a mode.
func recordedIn(t *testing.T, mode sentrial.ContentMode, e types.Event) map[string]string {
	t.Helper()
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithContent(mode))
	id := client.Record(t.Context(), e)
	got := wire.event(t, client, id)
	checkStats(t, client, 1, 0, nothing)
	return got
}

var marker = regexp.MustCompile(`^(\[?\{"\$hashed":\{"bytes":\d+,"sha256":"[0-9a-f]{64}"\}\}\]?|"\[hashed: \d+ bytes, sha256:[0-9a-f]{64}\]")$`)

// isMarker tells whether a value is a marker, or a list of markers for texts.
func isMarker(value string) bool {
	var list []json.RawMessage
	if marker.MatchString(value) {
		return true
	}
	return json.Unmarshal([]byte(value), &list) == nil && !slices.ContainsFunc(list, func(v json.RawMessage) bool { return string(v) != `""` && !marker.Match(v) })
}

// TestContentOfEveryField sets one field at a time and compares what arrives from clients in each mode.
func TestContentOfEveryField(t *testing.T) {
	paths := fieldPaths(reflect.TypeFor[types.Event](), "")
	for path := range isContent {
		if !slices.Contains(paths, path) {
			t.Errorf("%s: there is no such field", path)
		}
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			content, decided := isContent[path]
			if !decided {
				t.Fatal("is it content, or a fact? say so in isContent, and keep it by contentText or its siblings if it is content")
			}
			checkContent(t, content, eventSaying(t, path))
		})
	}
}

func checkContent(t *testing.T, content bool, e types.Event) {
	t.Helper()
	full := recordedIn(t, sentrial.ContentFull, e)
	facts, saying := maps.Clone(full), maps.Clone(full)
	if content {
		maps.DeleteFunc(facts, func(_, value string) bool { return strings.Contains(value, canary) })
		maps.DeleteFunc(saying, func(_, value string) bool { return !strings.Contains(value, canary) })
		if len(saying) == 0 {
			t.Errorf("the canary does not arrive in full mode: %v", full)
		}
	} else {
		saying = nil
	}
	bare := recordedIn(t, sentrial.ContentMetadata, e)
	checkFacts(t, "metadata", bare, facts)
	if len(bare) != len(facts) {
		t.Errorf("without content the event is %v", bare)
	}
	hashed := recordedIn(t, sentrial.ContentHashed, e)
	checkFacts(t, "hashed", hashed, facts)
	for name := range saying {
		if value, ok := hashed[name]; name == "tool_name" && ok || name != "tool_name" && !isMarker(value) {
			t.Errorf("hashed: %s = %s, want a marker", name, value)
		}
	}
	for _, got := range []map[string]string{bare, hashed} {
		if all := strings.Join(slices.Collect(maps.Values(got)), " "); content && strings.Contains(all, canary) {
			t.Errorf("the canary got out: %s", all)
		}
	}
	checkReadable(t, hashed)
}

// checkFacts compares what is kept in every mode, and takes the mode out of the metadata.
func checkFacts(t *testing.T, mode string, got, want map[string]string) {
	t.Helper()
	metadata := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(got["metadata"]), &metadata); err != nil || string(metadata["content"]) != `"`+mode+`"` {
		t.Errorf("%s: the metadata is %q (%v), want content = %s in it", mode, got["metadata"], err, mode)
	}
	delete(metadata, "content")
	if delete(got, "metadata"); len(metadata) > 0 {
		rest, err := json.Marshal(metadata)
		if err != nil {
			t.Fatal(err)
		}
		got["metadata"] = string(rest)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s: %s = %s, want %s as in full mode", mode, name, got[name], value)
		}
	}
}

// checkReadable: a marker has a JSON type that readers take for the field.
func checkReadable(t *testing.T, members map[string]string) {
	t.Helper()
	raw := map[string]json.RawMessage{}
	for name, value := range members {
		raw[name] = json.RawMessage(value)
	}
	data, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	var e types.Event
	if err := json.Unmarshal(data, &e); err != nil {
		t.Errorf("a reader cannot decode %s: %v", data, err)
	}
}
