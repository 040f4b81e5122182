package sentrial_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// sweep is a redactor that knows nothing of events: it changes every text that it can reach, names in maps and bytes of JSON included.
func sweep(_ context.Context, e *types.Event) error {
	swept := reflect.ValueOf(e).Elem()
	for i := range swept.NumField() {
		swept.Field(i).Set(sweptValue(swept.Field(i)))
	}
	return nil
}

func sweptText(s string) string { return strings.ReplaceAll(s, canary, "x") }

// sweptValue is a copy of v without the canary.
func sweptValue(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(sweptText(v.String()))
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return v
		}
		elem := sweptValue(v.Elem())
		if v.Kind() == reflect.Interface {
			out.Set(elem)
			return out
		}
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(elem)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return v
		}
		for i := range v.NumField() {
			out.Field(i).Set(sweptValue(v.Field(i)))
		}
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			out.SetBytes([]byte(sweptText(string(v.Bytes()))))
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(sweptValue(v.Index(i)))
		}
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		out.Set(reflect.MakeMap(v.Type()))
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(sweptValue(it.Key()), sweptValue(it.Value()))
		}
	default:
		return v
	}
	return out
}

type secretStruct struct {
	Public  string
	Private secretInner `json:"private"`
	hidden  string
}

type secretInner struct {
	List [2]string
	Ptr  *string
}

func newSecretStruct() secretStruct {
	secret := "in a pointer: " + canary
	return secretStruct{canary, secretInner{[2]string{"a", canary}, &secret}, canary}
}

// hidingPlaces are values that hold the canary, each in another way.
var hidingPlaces = map[string]any{
	"text":             "my password is " + canary + ".",
	"nested map":       map[string]any{"a": map[string]any{"b": map[string]string{"c": canary}}},
	"slice":            []any{1, []string{"a", canary}, []any{[]any{canary}}},
	"struct":           newSecretStruct(),
	"pointer":          &secretInner{List: [2]string{canary, ""}},
	"map key":          map[string]any{"key of " + canary: 1, "list": []any{map[string]int{canary: 2}}},
	"other map key":    map[any]any{marshalsTextKey(canary): 1, errKey(canary): 2},
	"error":            fmt.Errorf("login: %w", errors.New("bad password "+canary)),
	"URL":              "https://user:" + canary + "@host/path?token=" + canary + "#" + canary,
	"parsed URL":       &url.URL{Scheme: "https", Host: "host", RawQuery: "token=" + canary},
	"JSON in a string": `{"arguments":"{\"password\":\"` + canary + `\"}"}`,
	"raw JSON":         json.RawMessage(`{"a":["` + canary + `",{"` + canary + `":1}]}`),
	"marshaler":        gives(`{"secret":"` + canary + `"}`),
	"text marshaler":   marshalsText(func() ([]byte, error) { return []byte(canary), nil }),
	"number literal":   json.Number("no number " + canary),
	"panic":            panicsWith("cannot show " + canary),
	"failure":          failsWith(errors.New("cannot show " + canary)),
	"long text":        strings.Repeat(canary+" ", 20_000/len(canary)),
	"huge text":        strings.Repeat(canary+" ", 5*mb/4/len(canary)),
	"deep":             chains["slices"](1000),
	"bytes of text":    []byte(canary), // base64 on the wire: nobody finds it there, see TestRow72Base64
}

type (
	marshalsTextKey string
	errKey          string
)

func (k marshalsTextKey) MarshalText() ([]byte, error) { return []byte(k), nil }
func (k errKey) Error() string                         { return string(k) }

// TestRow72NoHitAtAnyPlace: each hiding place at each place where a value may be.
func TestRow72NoHitAtAnyPlace(t *testing.T) {
	for name, v := range hidingPlaces {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{}
			client := newClient(t, w, sentrial.WithRedactor(redactFunc(sweep)))
			places := places
			if name == "huge text" {
				places = placesNamed("tool input", "LLM metadata", "span arguments")
			}
			keys := make([]string, len(places))
			for i, p := range places {
				keys[i] = p.put(t.Context(), client, v)
			}
			events := arrived(t, client, w)
			for i, p := range places {
				if events[keys[i]] == nil {
					t.Errorf("%s as %s: nothing arrived", name, p.name)
				}
			}
			checkNoHit(t, name, w)
		})
	}
}

// checkNoHit looks at the bytes on the wire, and at what its texts mean: an escape must not hide anything.
func checkNoHit(t *testing.T, name string, w *wire) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, body := range w.bodies {
		for _, seen := range []string{string(body), fmt.Sprint(tree(t, body))} {
			if at := strings.Index(seen, canary); at >= 0 {
				t.Errorf("%s: a hit: …%s", name, seen[max(0, at-200):min(len(seen), at+50)])
			}
		}
	}
	for i, r := range w.requests {
		if header := fmt.Sprint(r.Header, r.URL); strings.Contains(header, canary) {
			t.Errorf("%s: request %d has it in %s", name, i, header)
		}
	}
}

// secretEvent has the canary in every text, of the payload and around it.
func secretEvent(kind types.EventType) types.Event {
	e := textEvent(kind, "text of "+canary)
	e.TraceID, e.SpanID, e.Status = "", "", types.Status(canary)
	e.Extra = map[string]json.RawMessage{"new_field": json.RawMessage(`{"k":"` + canary + `"}`), "field_" + canary: json.RawMessage(`1`)}
	return e
}

// TestRow72NoHitInAnyField of any type of event: names, tags, errors, stack traces, unknown fields, a status of no wire.
func TestRow72NoHitInAnyField(t *testing.T) {
	for kind := range payloads {
		w := &wire{}
		client := newClient(t, w, sentrial.WithRedactor(redactFunc(sweep)))
		if id := client.Record(t.Context(), secretEvent(kind)); id == "" {
			t.Errorf("%s was not accepted", kind)
		}
		arrived(t, client, w)
		checkNoHit(t, string(kind), w)
	}
	w := &wire{}
	client := newClient(t, w, sentrial.WithRedactor(redactFunc(sweep)))
	client.Record(t.Context(), types.Event{Type: "made_up", SessionID: "s", Raw: json.RawMessage(`{"type":"made_up","` + canary + `":[{"` + canary + `":"` + canary + `"}],"name":"` + canary + `"}`)})
	arrived(t, client, w)
	checkNoHit(t, "unknown type", w)
}

// TestRow72NoHitOnAnyWay that an event can take: open for long, abandoned, cancelled, cut short, panicked, with hooks after the redactor.
func TestRow72NoHitOnAnyWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		client := newClient(t, w, sentrial.WithRedactor(redactFunc(sweep)), sentrial.WithHook(endHook(func(_ context.Context, e *types.Event) { e.Metadata["hooked"] = true })))
		recordCanaries(t.Context(), client) // shape_test.go
		ctx, _ := client.CreateSession(t.Context(), canary, sentrial.WithSessionID("no id "+canary), sentrial.WithConversationID(canary), sentrial.WithAgentName(canary), sentrial.WithAgentVersion(canary))
		_, open := sentrial.StartLLM(ctx, types.LLMCall{Model: canary, Messages: toolMessages(hidingPlaces["nested map"], canary), Parameters: map[string]any{canary: canary}})
		_, left := sentrial.StartStep(ctx, types.Step{Name: canary, Kind: canary, Input: hidingPlaces["struct"]})
		caught(func() {
			_ = sentrial.Step(ctx, canary, func(context.Context) error { panic("panic of " + canary) })
		})
		caught(func() { _ = client.Run(ctx, canary, func(context.Context) error { panic(errors.New(canary)) }) })
		cancelled, cancel := context.WithCancel(ctx)
		_, stream := sentrial.StartLLM(cancelled, types.LLMCall{Model: "m"})
		stream.Response = "half of " + canary
		cancel()
		stream.End(fmt.Errorf("%s: %w", canary, cancelled.Err()))
		time.Sleep(5 * time.Second) // the open ones are sent as running
		open.Response, open.FinishReason = canary, canary
		open.End(errors.New(canary))
		_ = left
		if err := client.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count([]byte(w.text()), []byte(`"running"`)); n != 3 {
			t.Errorf("%d running copies were sent, want 3", n)
		}
		checkNoHit(t, "ways", w)
	})
}

// TestRow72FailingRedactor: an error, a panic, also one that cannot be printed: nothing of the content is sent, wherever it was.
func TestRow72FailingRedactor(t *testing.T) {
	for name, redact := range map[string]redactFunc{
		"error":         func(context.Context, *types.Event) error { return errors.New(canary) },
		"panic":         func(context.Context, *types.Event) error { panic(canary) },
		"error at last": func(ctx context.Context, e *types.Event) error { return errors.Join(sweep(ctx, e), errBoom) },
		"hostile error": func(context.Context, *types.Event) error { return hostileError{} },
		"changes and panics": func(_ context.Context, e *types.Event) error {
			*e = types.Event{Metadata: map[string]any{"k": canary}}
			panic("no")
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log logged
			w := &wire{}
			client := newClient(t, w, sentrial.WithRedactor(redact), sentrial.WithLogger(log.logger()))
			for _, p := range places {
				p.put(t.Context(), client, map[string]any{canary: hidingPlaces["nested map"]})
			}
			for _, kind := range []types.EventType{types.EventDecision, types.EventFeedback, types.EventError} { // of these no name is a fact
				e := types.Event{SessionID: "s", Status: types.Status(canary), Metadata: map[string]any{canary: canary}}
				fillTexts(reflect.ValueOf(payloads[kind](&e)).Elem(), canary)
				switch {
				case e.Feedback != nil:
					e.Feedback.Name, e.Feedback.EventID = "", ""
				case e.Error != nil:
					e.Error.ErrorType = ""
				}
				client.Record(t.Context(), e)
			}
			arrived(t, client, w)
			checkNoHit(t, name, w)
			if err := client.Close(t.Context()); err != nil {
				t.Error(err)
			}
			for _, line := range log.lines() {
				if strings.Contains(line, canary) {
					t.Errorf("logged %s", line)
				}
			}
		})
	}
}

// TestRow72Base64: the redactor sees bytes as they would be sent, so it can know them.
func TestRow72Base64(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte(canary))
	w := &wire{}
	client := newClient(t, w, sentrial.WithRedactor(redactFunc(func(_ context.Context, e *types.Event) error {
		if e.ToolCall.ToolInput == encoded {
			e.ToolCall.ToolInput = "gone"
		}
		return nil
	})))
	key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "t", ToolInput: []byte(canary)})
	if got := string(arrived(t, client, w).at(t, key, into("tool_input"))); got != `"gone"` {
		t.Errorf("got %s", got)
	}
}

// TestRow72HonestCanary: without a redactor the canary arrives from every hiding place, so the tests above would see it.
func TestRow72HonestCanary(t *testing.T) {
	for name, v := range hidingPlaces {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{}
			client := newClient(t, w)
			places[0].put(t.Context(), client, v)
			arrived(t, client, w)
			if hit := strings.Contains(w.text(), canary); !hit && name != "bytes of text" && name != "deep" && name != "huge text" {
				t.Errorf("%s: the canary did not arrive", name)
			}
		})
	}
}
