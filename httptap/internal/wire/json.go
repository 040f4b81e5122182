package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/internal/jsontree"
	"github.com/sentrial/sentrial-go/internal/rawjson"
)

// object is an object of a request or a reply, a level at a time. What is missing or of another type is read as nothing, since providers change what they send.
// What is inside shares the memory of what was read: only texts and values made of it may be kept.
type object map[string]json.RawMessage

// parsed gives the object that a text is; nil when it is anything else, or no JSON.
func parsed(text []byte) object {
	if !json.Valid(text) {
		return nil
	}
	return objectOf(text)
}

// objectOf is parsed for what is inside of JSON.
func objectOf(raw json.RawMessage) object { return rawjson.Object(raw, usual) }

// usual are names that pieces of streams have again and again; they need no memory.
var usual = func() map[string]string {
	names := make(map[string]string)
	for name := range strings.FieldsSeq(`id object created model choices index delta message content role finish_reason logprobs usage system_fingerprint service_tier
		tool_calls type function name arguments reasoning reasoning_content refusal text output_index content_index summary_index item_id sequence_number item response
		obfuscation partial_json thinking content_block candidates parts finishReason usageMetadata modelVersion responseId promptTokenCount totalTokenCount created_at done`) {
		names[name] = name
	}
	return names
}()

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
	f, err := strconv.ParseFloat(string(o.pick(names...)), 64)
	if err != nil || !(f >= 0 && f <= maxCount) {
		return 0
	}
	return int(f)
}

// maxCount keeps nonsense out of sums.
const maxCount = 1 << 50

func (o object) truth(names ...string) bool { return string(o.pick(names...)) == "true" }

func listOf(raw json.RawMessage) []json.RawMessage { return rawjson.List(raw) }

func textOf(raw json.RawMessage) (string, bool) { return rawjson.Text(raw) }

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
