package wire

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go/internal/jsontree"
)

// object is an object of a request or a reply, a level at a time. What is missing or of another type is read as nothing, since providers change what they send.
type object map[string]json.RawMessage

func objectOf(raw json.RawMessage) (o object) {
	if len(raw) == 0 || json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

// pick gives the first of several names that is there and not null.
func (o object) pick(names ...string) json.RawMessage {
	for _, name := range names {
		if raw := o[name]; len(raw) > 0 && string(raw) != "null" {
			return raw
		}
	}
	return nil
}

func (o object) object(names ...string) object { return objectOf(o.pick(names...)) }
func (o object) list(names ...string) []json.RawMessage {
	return listOf(o.pick(names...))
}

func (o object) text(names ...string) string {
	s, _ := textOf(o.pick(names...))
	return s
}

// number gives a count; anything else counts 0.
func (o object) number(names ...string) int {
	var f float64
	if raw := o.pick(names...); raw == nil || json.Unmarshal(raw, &f) != nil || f < 0 || f > maxCount {
		return 0
	}
	return int(f)
}

// maxCount keeps nonsense out of sums.
const maxCount = 1 << 50

func (o object) truth(names ...string) bool { return string(o.pick(names...)) == "true" }

func listOf(raw json.RawMessage) (list []json.RawMessage) {
	if len(raw) == 0 || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

func textOf(raw json.RawMessage) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	return s, json.Unmarshal(raw, &s) == nil
}

// valueOf gives any value with its numbers as they are.
func valueOf(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	r := jsontree.NewReader(strings.ToValidUTF8(string(raw), "\uFFFD"))
	defer r.Free()
	if v := r.Value(); r.Done() {
		return v
	}
	return string(raw)
}

// spelled gives the value that a text of JSON spells; a text that is none stays one.
func spelled(text string) any {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if raw := []byte(text); json.Valid(raw) {
		return valueOf(raw)
	}
	return text
}

// jsonOf is for what always has a JSON form.
func jsonOf(v any) json.RawMessage {
	raw, _ := json.Marshal(v)
	return raw
}

// compact is raw without spaces, and nothing when it is no JSON.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil {
		return nil
	}
	return b.Bytes()
}
