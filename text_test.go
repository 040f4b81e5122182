package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// texts are what a program may have for a string.
var texts = map[string]string{
	"invalid byte":           "a\xffb",
	"cut character":          "a\xe4\xb8",
	"overlong slash":         "\xc0\xaf",
	"lone surrogate":         "\xed\xa0\x80 \xed\xbf\xbf",
	"beyond Unicode":         "\xf4\x90\x80\x80",
	"Latin-1":                "caf\xe9",
	"bytes of ASCII":         bytesFrom(0, 128),
	"high bytes":             bytesFrom(128, 192),
	"highest bytes":          bytesFrom(192, 256),
	"NUL":                    "a\x00b\x00",
	"control characters":     "\x01\x1b[31m\x7f\u0085\u009b",
	"line ends":              "a\r\nb\nc\rd",
	"line separators":        "\u2028\u2029",
	"bidirectional controls": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
	"trojan source":          "access_level != \"user\u202e \u2066// Check if admin\u2069 \u2066\"",
	"noncharacters":          "\ufffe\uffff\U0001fffe\U0010ffff",
	"replacement character":  "\ufffd",
	"byte order mark":        "\ufefftext",
	"zero width":             "pay\u200bpal\u2060\ufeff",
	"combining":              "Z" + strings.Repeat("\u0351\u036b", 20),
	"emoji":                  "👩‍👩‍👧‍👦🏳️‍🌈",
	"JSON":                   `{"a":"b\"c\\"}`,
	"HTML":                   `</script><img src=x onerror=alert(1)>&amp;`,
	"terminal title":         "\x1b]0;title\x07",
	"private use":            "\ue000\U000f0000",
}

func bytesFrom(first, end int) string {
	b := make([]byte, 0, end-first)
	for c := first; c < end; c++ {
		b = append(b, byte(c))
	}
	return string(b)
}

// readBack is what a reader gets of a text: each byte that is no UTF-8 is U+FFFD.
func readBack(text string) string { return string([]rune(text)) }

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return canonical(t, string(b))
}

// TestRow54TextInValues: at every place, alone and deep inside, as a key and in what methods return.
func TestRow54TextInValues(t *testing.T) {
	type of[K ~string] map[K]any
	type key string
	w := &wire{}
	client := newClient(t, w)
	wants := map[string]string{}
	at := map[string][]any{}
	put := func(p place, v any, want string) {
		id := p.put(t.Context(), client, v)
		wants[id], at[id] = want, p.path
	}
	for name, text := range texts {
		plain := readBack(text)
		for _, p := range places {
			put(p, text, jsonOf(t, plain))
			put(p, map[string]any{text: []any{text}, "kept": 1}, jsonOf(t, map[string]any{plain: []any{plain}, "kept": 1}))
			put(p, of[key]{key(text): errors.New(text)}, jsonOf(t, map[string]any{plain: plain}))
			put(p, []string{text, name}, jsonOf(t, []string{plain, name}))
		}
	}
	events := arrived(t, client, w)
	for id, want := range wants {
		if got := events.at(t, id, at[id]); canonical(t, string(got)) != want {
			t.Errorf("got %.300q, want %.300q", got, want)
		}
	}
}

// TestRow54ForeignJSON: what a program gives as JSON stays as it wrote it where that is JSON, lone surrogates in escapes included.
func TestRow54ForeignJSON(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	for src, want := range map[string]string{
		`"\ud800"`:             `"\ud800"`,
		`"\udc00\ud800"`:       `"\udc00\ud800"`,
		`"\ud83d\ude00"`:       `"\ud83d\ude00"`,
		`{"\ud800":"\udbff"}`:  `{"\ud800":"\udbff"}`,
		`"\u0000\u202e"`:       `"\u0000\u202e"`,
		"\"\xff\"":             `"\ufffd"`,
		"{\"\xed\xa0\x80\":1}": `{"\ufffd\ufffd\ufffd":1}`,
		"\"\u2028\u202e\"":     "\"\u2028\u202e\"",
		"\"a\x00b\"":           noNumber(`invalid JSON: '\x00' at byte 2 where an escape was expected`, "json.RawMessage"),
		"\"\x1f\"":             noNumber(`invalid JSON: '\x1f' at byte 1 where an escape was expected`, "json.RawMessage"),
		`"\ud8"`:               noNumber(`invalid JSON: '"' at byte 5 where a hexadecimal digit was expected`, "json.RawMessage"),
		"\ufeff1":              noNumber(`invalid JSON: '\u00ef' at byte 0 where a value was expected`, "json.RawMessage"),
		"'a'":                  noNumber(`invalid JSON: '\'' at byte 0 where a value was expected`, "json.RawMessage"),
	} {
		for _, p := range places {
			id := p.put(t.Context(), client, json.RawMessage(src))
			if got := string(arrived(t, client, w).at(t, id, p.path)); got != want && canonical(t, got) != canonical(t, want) {
				t.Errorf("%q as %s: got %s, want %s", src, p.name, got, want)
			}
			w.forget()
		}
	}
}

// TestRow54KeysThatBecomeOne: two keys that differ only in bytes that are no text keep both of their values.
func TestRow54KeysThatBecomeOne(t *testing.T) {
	w := &wire{}
	client := newClient(t, w)
	for _, p := range places {
		id := p.put(t.Context(), client, map[string]any{"\xff": "a", "\xfe": "b", "\ufffd": "c"})
		var got map[string]string
		if err := json.Unmarshal(arrived(t, client, w).at(t, id, p.path), &got); err != nil {
			t.Fatal(err)
		}
		if values := slices.Sorted(maps.Values(got)); !slices.Equal(values, []string{"a", "b", "c"}) {
			t.Errorf("as %s: %q arrived", p.name, got)
		}
	}
}

// fillTexts sets every string of v, and of the slices and maps in it, to text.
func fillTexts(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Status" && name != "Type" {
				fillTexts(v.Field(i), text)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fillTexts(v.Index(0), text)
			fillTexts(v.Index(1), text)
		}
	case reflect.Map:
		elem := reflect.New(v.Type().Elem()).Elem()
		fillTexts(elem, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(text), elem)
	case reflect.Interface:
		v.Set(reflect.ValueOf(any(text)))
	}
}

// textEvent has text wherever the type has a string.
func textEvent(kind types.EventType, text string) types.Event {
	e := types.Event{ID: "evt_1", Type: kind, SessionID: "s", Seq: 7, Timestamp: noon, Status: types.StatusError, TraceID: text, SpanID: text, Metadata: map[string]any{text: text}}
	payload := reflect.ValueOf(payloads[kind](&e)).Elem()
	fillTexts(payload, text)
	if c := e.LLMCall; c != nil {
		for _, m := range slices.Concat(c.Messages, c.OutputMessages) {
			m.Parts[0].Type, m.Parts[1].Type = types.PartToolCall, types.PartToolCallResponse
		}
	}
	for _, own := range []string{"Status", "Metadata", "StartTime", "Duration"} { // the envelope has them
		if f := payload.FieldByName(own); f.IsValid() {
			f.SetZero()
		}
	}
	return e
}

// TestRow54TextInEveryField of every type of event: it arrives as a text, and the reader has the one that went in.
func TestRow54TextInEveryField(t *testing.T) {
	for kind := range payloads {
		t.Run(string(kind), func(t *testing.T) {
			for name, text := range texts {
				w := &wire{}
				client := newClient(t, w)
				if id := client.Record(t.Context(), textEvent(kind, text)); id != "evt_1" {
					t.Fatalf("%s: id %q", name, id)
				}
				got := arrived(t, client, w)["evt_1"]
				want := textEvent(kind, readBack(text))
				if !reflect.DeepEqual(meaning(t, got), meaning(t, []byte(jsonOf(t, want)))) {
					t.Errorf("%s:\n got %.500q\nwant %.500q", name, got, jsonOf(t, want))
				}
			}
		})
	}
}

// TestRow54ErrorTexts: of errors that helpers see, and of panics.
func TestRow54ErrorTexts(t *testing.T) {
	for name, text := range texts {
		w := &wire{}
		client := newClient(t, w)
		failing := func(context.Context, int) (int, error) { return 0, errors.New(text) }
		ctx, s := client.CreateSession(t.Context(), text, sentrial.WithTags(text), sentrial.WithUserID(text), sentrial.WithAgentName(text), sentrial.WithConversationID(text))
		_, _ = sentrial.Tool(ctx, text, 1, failing)
		reported := sentrial.ReportError(ctx, errors.New(text), sentrial.Recoverable(text), sentrial.WithErrorType(text))
		caught(func() { defer sentrial.Recover(ctx); panic(text) })
		events := arrived(t, client, w)
		want := jsonOf(t, readBack(text))
		for _, at := range []struct {
			key  string
			path []any
		}{
			{s.ID() + " session_start", into("name")},
			{s.ID() + " session_start", into("tags", 0)},
			{s.ID() + " session_start", into("user_id")},
			{s.ID() + " session_start", into("agent_name")},
			{s.ID() + " session_start", into("conversation_id")},
			{s.ID() + " tool_call", into("tool_name")},
			{s.ID() + " tool_call", into("error")},
			{reported, into("error_message")},
			{reported, into("recovery_action")},
			{reported, into("error_type")},
		} {
			if got := events.at(t, at.key, at.path); canonical(t, string(got)) != want {
				t.Errorf("%s: %v is %.200q, want %.200q", name, at.path, got, want)
			}
		}
		if got := events.at(t, s.ID()+" error", into("error_message")); canonical(t, string(got)) != jsonOf(t, "panic: "+readBack(text)) {
			t.Errorf("%s: the panic is %.200q", name, got)
		}
	}
}

// TestRow54IDs are never sent when a server could not take them: the caller hears so, or the id is replaced and kept as a fact.
func TestRow54IDs(t *testing.T) {
	for name, text := range texts {
		w := &wire{}
		var drops dropped
		client := newClient(t, w, sentrial.WithOnDrop(drops.add))
		if id := client.Session(text).TrackStep(t.Context(), types.Step{Name: "n"}); id != "" {
			t.Errorf("%s: accepted in such a session as %s", name, id)
		}
		for _, e := range []types.Event{{ID: text, SessionID: "s"}, {SessionID: text}, {ParentID: text, SessionID: "s"}, {Type: types.EventType(text), SessionID: "s"}} {
			if id := client.Record(t.Context(), e); id != "" {
				t.Errorf("%s: recorded as %s", name, id)
			}
		}
		_, s := client.CreateSession(t.Context(), "n", sentrial.WithSessionID(text))
		events := arrived(t, client, w)
		if got := events.at(t, s.ID()+" session_start", into("metadata", "requested_session_id")); canonical(t, string(got)) != jsonOf(t, readBack(text)) {
			t.Errorf("%s: the id that was asked for is kept as %q", name, got)
		}
		if s := client.Stats(); s.Refused[sentrial.DropInvalid] != 5 || s.Accepted != 1 {
			t.Errorf("%s: %d refused, %d accepted", name, s.Refused[sentrial.DropInvalid], s.Accepted)
		}
	}
}

// TestRow54LongTraceIDs: an id of a foreign tracer may be any text; a server takes 256 bytes, of which a byte that is no UTF-8 becomes three.
func TestRow54LongTraceIDs(t *testing.T) {
	for text, kept := range map[string]bool{
		strings.Repeat("0a", 128): true, strings.Repeat("0a", 128) + "x": false, strings.Repeat("x", 100_000): false, strings.Repeat("世", 85): true, strings.Repeat("世", 86): false,
		strings.Repeat("\xff", 85): true, strings.Repeat("\xff", 86): false,
	} {
		w := &wire{}
		client := newClient(t, w)
		id := client.Record(t.Context(), types.Event{SessionID: "s", TraceID: text, SpanID: text, Step: &types.Step{Name: "n"}})
		events := arrived(t, client, w)
		for _, member := range []string{"trace_id", "span_id"} {
			got, note := events.at(t, id, into(member)), events.at(t, id, into("metadata", "omitted_"+member))
			if kept && (got == nil || canonical(t, string(got)) != jsonOf(t, readBack(text))) || !kept && (got != nil || note == nil) {
				t.Errorf("%s of %d bytes: %d bytes arrived with the note %.100q", member, len(text), len(got), note)
			}
		}
	}
}

// FuzzRow54Text: any text, in a value, as a key and as a name.
func FuzzRow54Text(f *testing.F) {
	for _, text := range texts {
		f.Add(text, "kept")
	}
	w := &wire{}
	client := newFuzzClient(f, w)
	f.Fuzz(func(t *testing.T, text, other string) {
		id := client.Record(t.Context(), types.Event{SessionID: "s", ToolCall: &types.ToolCall{
			ToolName: text, Error: other, ToolInput: map[string]any{text: other, other: text}, ToolOutput: []any{errors.New(text), fmt.Errorf("%w", errors.New(other))},
		}})
		events := arrived(t, client, w)
		w.forget()
		for member, want := range map[string]any{"tool_name": readBack(text), "error": readBack(other), "tool_output": []any{readBack(text), readBack(other)}} {
			if got := events.at(t, id, into(member)); want != "" && (got == nil || canonical(t, string(got)) != jsonOf(t, want)) {
				t.Errorf("%s is %q, want %q", member, got, want)
			}
		}
		var input map[string]string
		if err := json.Unmarshal(events.at(t, id, into("tool_input")), &input); err != nil || len(input) != len(map[string]bool{text: true, other: true}) {
			t.Errorf("tool_input became %q (%v)", input, err)
		}
	})
}
