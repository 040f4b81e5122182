package wire

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/internal/jsonindex"
	"github.com/sentrial/sentrial-go/internal/jsontree"
)

// value is a value of a request or a reply, or none. What is missing or of another type is read as nothing, since providers change what they send.
// It is there while what it stands in is read: only texts and values made of it may be kept.
type value struct{ jsonindex.Value }

// pick gives the first of several members that is there and not null.
func (v value) pick(names ...string) value {
	for _, name := range names {
		if member := v.Get(name); member.There() && member.Kind() != 'n' {
			return value{member}
		}
	}
	return value{}
}

// object gives a member that is one.
func (v value) object(names ...string) value {
	if member := v.pick(names...); member.Kind() == '{' {
		return member
	}
	return value{}
}

// items are those of a list, with where they stand in it.
func (v value) items(yield func(int, value) bool) {
	i := 0
	for item := range v.Items {
		if !yield(i, value{item}) {
			return
		}
		i++
	}
}

// saying gives the first of several members that is a text and not empty.
func (v value) saying(names ...string) value {
	for _, name := range names {
		if member := v.pick(name); member.says() {
			return member
		}
	}
	return value{}
}

func (v value) text(names ...string) string {
	s, _ := v.saying(names...).Text()
	return s
}

// typeWord is what an object says it is. The usual words need no memory.
func (v value) typeWord() string {
	member := v.pick("type")
	if plain, ok := member.Plain(); ok {
		if word, ok := usual[string(plain)]; ok {
			return word
		}
	}
	s, _ := member.Text()
	return s
}

// usual are the words that pieces of streams say again and again that they are.
var usual = func() map[string]string {
	words := make(map[string]string)
	for word := range strings.FieldsSeq(`message_start content_block_start content_block_delta content_block_stop message_delta message_stop ping text_delta thinking_delta
		input_json_delta signature_delta citations_delta text thinking tool_use message reasoning function_call custom_tool_call response response.created
		response.in_progress response.completed response.output_item.added response.output_item.done response.content_part.added response.content_part.done
		response.output_text.delta response.output_text.done response.reasoning_text.delta response.reasoning_text.done response.reasoning_summary_part.added
		response.reasoning_summary_part.done response.reasoning_summary_text.delta response.reasoning_summary_text.done response.function_call_arguments.delta
		response.function_call_arguments.done`) {
		words[word] = word
	}
	return words
}()

// says tells whether a value is a text that is not empty.
func (v value) says() bool { return v.Kind() == '"' && len(v.Raw()) > len(`""`) }

// number gives a count; anything else counts 0.
func (v value) number(names ...string) int {
	raw := v.pick(names...).Raw()
	if len(raw) == 0 || !digit(raw[0]) {
		return 0
	}
	if n, ok := fewDigits(raw); ok {
		return n
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || !(f >= 0 && f <= maxCount) {
		return 0
	}
	return int(f)
}

// fewDigits reads what nearly all counts are.
func fewDigits(raw []byte) (n int, ok bool) {
	for _, c := range raw {
		if !digit(c) {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(raw) <= 9
}

// maxCount keeps nonsense out of sums.
const maxCount = 1 << 50

func (v value) truth(names ...string) bool { return v.pick(names...).Kind() == 't' }

// made gives any value with its numbers as they are.
func (v value) made() any { return made(v.Raw()) }

func made(raw []byte) any {
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
		return made(raw)
	}
	return text
}

// jsonOf is for what always has a JSON form.
func jsonOf(v any) json.RawMessage {
	raw, _ := json.Marshal(v)
	return raw
}

// compact is how a value is written without spaces.
func (v value) compact() json.RawMessage {
	if !v.There() {
		return nil
	}
	return v.AppendCompact(make([]byte, 0, len(v.Raw())))
}
