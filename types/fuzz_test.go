package types_test

import (
	"encoding/json"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// FuzzEventJSON: what can be read can be written, and what was written once does not change any more.
func FuzzEventJSON(f *testing.F) {
	for name := range goldenEvents() {
		f.Add(golden(f, name))
	}
	for _, seed := range []string{
		`{}`, `null`, `[]`, handoff, `{"type":"handoff","metadata":{"n":1e400}}`, `{"type":"step","Name":"a","chosen":1,"name":null}`,
		`{"type":"llm_call","messages":[null,{"parts":[null]},{"content":"x"}],"tool_definitions": [ 1 ]}`, `{"type":"error"} `,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		event, written, ok := checkStable[types.Event](t, data)
		if !ok || event.Raw != nil {
			return
		}
		kept := unmarshal[map[string]json.RawMessage](t, written)
		for name := range event.Extra {
			if _, ok := kept[name]; !ok {
				t.Errorf("unknown field %q was lost: %s", name, written)
			}
		}
	})
}

func FuzzMessageJSON(f *testing.F) {
	for _, seed := range []string{
		`{"role":"user","parts":[{"type":"text","content":"hi"}]}`, `{"role":"user","content":"hi"}`, `{"content":[{"type":"text","text":"hi"}]}`,
		`{"parts":[{"type":"tool_call_response","result":1,"content":2},{"type":"blob"},null,{}]}`, `{"parts":[],"content":"a"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkStable[types.Message](t, data) })
}

func FuzzPartJSON(f *testing.F) {
	for _, seed := range []string{
		`{"type":"text","content":"hi","x":1}`, `{"type":"tool_call","arguments":{"n":12345678901234567890}}`, `{"type":"tool_call_response","result":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkStable[types.Part](t, data) })
}

func FuzzSessionJSON(f *testing.F) {
	for name := range goldenSessions() {
		f.Add(golden(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkStable[types.Session](t, data) })
}

// checkStable reads data as a T; when that works it writes, reads and writes it again.
func checkStable[T any](t *testing.T, data []byte) (value T, written string, ok bool) {
	t.Helper()
	if err := json.Unmarshal(data, &value); err != nil {
		if err.Error() == "" {
			t.Error("an error without a text")
		}
		return value, "", false
	}
	written = marshal(t, value)
	if again := marshal(t, unmarshal[T](t, written)); again != written {
		t.Errorf("not stable:\nfirst  %s\nsecond %s", written, again)
	}
	return value, written, true
}
