package rawjson_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/internal/rawjson"
)

var samples = []string{
	`{}`, `[]`, `{"a":1}`, ` { "a" : [1, {"b":"c,]}"}] , "d\"" : null }`, `[1,"two",[3],{"four":5},true]`, `"text"`, `"with \"escapes\" \u5929"`, "\"bytes \xff\"", `12`, `null`, `[[[]]]`, ` [ ] `,
}

// A level read by Object, List or Text is what encoding/json makes of it, for all that is JSON.
func FuzzLevels(f *testing.F) {
	for _, s := range samples {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		_ = rawjson.Shallow(raw) // what is no JSON must do no harm
		members, items := rawjson.Object(raw, nil), rawjson.List(raw)
		text, isText := rawjson.Text(raw)
		if !json.Valid(raw) {
			return
		}
		raw = bytes.TrimSpace(raw)
		var wantMembers map[string]json.RawMessage
		var wantItems []json.RawMessage
		var wantText string
		switch raw[0] {
		case '{':
			_ = json.Unmarshal(raw, &wantMembers)
		case '[':
			_ = json.Unmarshal(raw, &wantItems)
		case '"':
			_ = json.Unmarshal(raw, &wantText)
		}
		if !reflect.DeepEqual(members, wantMembers) || !reflect.DeepEqual(items, wantItems) || text != wantText || isText != (raw[0] == '"') {
			t.Errorf("%s: got %s, %s, %q %t, want %s, %s, %q", raw, members, items, text, isText, wantMembers, wantItems, wantText)
		}
	})
}

func TestUsualNames(t *testing.T) {
	usual := map[string]string{"a": "first"}
	if got := rawjson.Object([]byte(`{"a":1,"b":2}`), usual); string(got["first"]) != "1" || string(got["b"]) != "2" {
		t.Errorf("got %s", got)
	}
}

func TestShallow(t *testing.T) {
	if !rawjson.Shallow([]byte(`{"a":["[[[",{}]}`)) {
		t.Error("brackets in texts count")
	}
	if rawjson.Shallow(bytes.Repeat([]byte("["), 100)) {
		t.Error("100 levels are shallow")
	}
}
