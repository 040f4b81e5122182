package sentrial_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// inOrder is JSON with sorted names.
func inOrder(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	sorted, err := json.Marshal(tree(t, []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return string(sorted)
}

func hashedJSON(form string) string {
	sum := sha256.Sum256([]byte(form))
	return fmt.Sprintf(`{"$hashed":{"bytes":%d,"sha256":"%s"}}`, len(form), hex.EncodeToString(sum[:]))
}

func hashedText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf(`"[hashed: %d bytes, sha256:%s]"`, len(text), hex.EncodeToString(sum[:]))
}

// TestHashes: the hash is that of the text, or of the JSON with sorted names, however the value is kept in Go.
func TestHashes(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithContent(sentrial.ContentHashed))
	type query string
	object := `{"a":[1,"<&>",null],"b":{"x":12345678901234567890,"y":true}}`
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"text":       {"says \"x\"\n", hashedText("says \"x\"\n")},
		"no text":    {"", hashedText("")},
		"named text": {query("x"), hashedText("x")},
		"raw text":   {json.RawMessage(`"\u0041\n"`), hashedText("A\n")},
		"number":     {42, hashedJSON("42")},
		"true":       {true, hashedJSON("true")},
		"nil inside": {(*int)(nil), hashedJSON("null")},
		"list":       {[]string{"a", "b"}, hashedJSON(`["a","b"]`)},
		"map":        {map[string]any{"b": map[string]any{"y": true, "x": json.Number("12345678901234567890")}, "a": []any{1, "<&>", nil}}, hashedJSON(object)},
		"struct": {struct {
			B any   `json:"b"`
			A []any `json:"a"`
		}{map[string]any{"x": uint64(12345678901234567890), "y": true}, []any{1, "<&>", nil}}, hashedJSON(object)},
		"raw JSON": {json.RawMessage(`{ "b": {"y":true, "x":12345678901234567890}, "a": [1, "\u003c&>", null] }`), hashedJSON(object)},
		"no JSON":  {make(chan int), hashedJSON(`{"$omitted":"unsupported type","type":"chan int"}`)},
		"large":    {strings.Repeat("x", 3<<20), hashedText(strings.Repeat("x", 3<<20))},
	} {
		t.Run(name, func(t *testing.T) {
			e := wire.event(t, client, client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolInput: c.value}))
			if e["tool_input"] != c.want {
				t.Errorf("tool_input = %s, want %s", e["tool_input"], c.want)
			}
		})
	}
	large := strings.Repeat("y", 3<<20)
	e := wire.event(t, client, client.Session("s").TrackDecision(t.Context(), types.Decision{Chosen: large, Alternatives: []string{"z", large}}))
	if want := hashedText(large); e["chosen"] != want || e["alternatives"] != "["+hashedText("z")+","+want+"]" {
		t.Errorf("chosen = %.200s\nalternatives = %.400s\nwant the hash of the whole text in both", e["chosen"], e["alternatives"])
	}
}

// TestUnknownFieldsInEachMode: what could cost the whole event at a server is left out rather than marked.
func TestUnknownFieldsInEachMode(t *testing.T) {
	extra := map[string]json.RawMessage{"into": json.RawMessage(`"sess_2"`), "other": json.RawMessage(`"x"`), "cost": json.RawMessage(`1.5`), "trace_id": json.RawMessage(`"t1"`)}
	for _, c := range []struct {
		mode sentrial.ContentMode
		e    types.Event
		want map[string]string
	}{
		{sentrial.ContentFull, types.Event{Step: &types.Step{}}, map[string]string{"into": `"sess_2"`, "other": `"x"`, "cost": "1.5", "trace_id": `"t1"`}},
		{sentrial.ContentHashed, types.Event{Step: &types.Step{}}, map[string]string{"into": hashedText("sess_2"), "other": hashedText("x"), "trace_id": `"t1"`}},
		{sentrial.ContentMetadata, types.Event{Step: &types.Step{}}, map[string]string{"trace_id": `"t1"`}},
		{sentrial.ContentHashed, types.Event{Type: "made_up"}, map[string]string{"into": hashedText("sess_2"), "other": hashedText("x"), "cost": hashedJSON("1.5"), "trace_id": `"t1"`}},
		{sentrial.ContentHashed, types.Event{Type: "session_alias"}, map[string]string{"into": `"sess_2"`, "other": hashedText("x"), "cost": hashedJSON("1.5"), "trace_id": `"t1"`}},
		{sentrial.ContentMetadata, types.Event{Type: "session_alias"}, map[string]string{"into": `"sess_2"`, "trace_id": `"t1"`}},
	} {
		c.e.ID, c.e.SessionID, c.e.Extra = "evt_1", "sess_1", extra
		got := recordedIn(t, c.mode, c.e)
		for _, name := range []string{"id", "type", "session_id", "seq", "timestamp", "status", "metadata"} {
			delete(got, name)
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("%s of type %q: %v, want %v", modeNames[c.mode], c.e.Type, got, c.want)
		}
	}
}

// TestMetadataNamedContentStays: the program's word about content goes before ours.
func TestMetadataNamedContentStays(t *testing.T) {
	wire := &wire{}
	client := newClient(t, wire, sentrial.WithContent(sentrial.ContentHashed))
	id := client.Session("s").TrackStep(t.Context(), types.Step{Name: "x", Metadata: map[string]any{"content": "the program's"}})
	if got := wire.event(t, client, id)["metadata"]; got != `{"content":"the program's"}` {
		t.Errorf("metadata = %s", got)
	}
}

// FuzzHashedContent: whatever a value is, its marker is one that readers take, and the order of its names does not matter.
func FuzzHashedContent(f *testing.F) {
	f.Add([]byte(`{"b":[1,{"d":"x","c":null}],"a":"y"}`), "text")
	f.Add([]byte(`"\ud800"`), "\xff")
	f.Add([]byte(`{"a":1e400,"a":-0}`), "")
	f.Add([]byte(`{`), "[hashed: 1 bytes, sha256:]")
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		wire := &wire{}
		client := newClient(t, wire, sentrial.WithContent(sentrial.ContentHashed))
		marked := func(v any) string {
			e := wire.event(t, client, client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolInput: v, ToolOutput: text, Reasoning: text}))
			if !isMarker(e["tool_input"]) || e["tool_output"] != hashedText(text) || text != "" && e["reasoning"] != hashedText(text) {
				t.Fatalf("%v", e)
			}
			return e["tool_input"]
		}
		got := marked(json.RawMessage(raw))
		var inGosOrder map[string]json.RawMessage
		if json.Unmarshal(raw, &inGosOrder) != nil || inGosOrder == nil || bytes.Count(raw, []byte("["))+bytes.Count(raw, []byte("{")) > 50 {
			return // what nests too deep is cut at another place
		}
		if again := marked(inGosOrder); got != again {
			t.Errorf("%q has the marker %s, and with its names in another order %s", raw, got, again)
		}
	})
}
