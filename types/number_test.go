package types_test

import (
	"encoding/json"
	"math/big"
	"reflect"
	"regexp"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestNumbersInAny(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{"0", 0.0},
		{"1", 1.0},
		{"1.0", 1.0},
		{"-12.50", -12.5},
		{"0.1", 0.1},
		{"0.30000000000000004", 0.30000000000000004},
		{"1e2", 100.0},
		{"12e-1", 1.2},
		{"0e999999999999999999999", 0.0},
		{"9007199254740992", 9007199254740992.0},
		{"9007199254740994", 9007199254740994.0},
		{"9007199254740993", json.Number("9007199254740993")},
		{"-9223372036854775807", json.Number("-9223372036854775807")},
		{"18446744073709551615", json.Number("18446744073709551615")},
		{"0.12345678901234567890123", json.Number("0.12345678901234567890123")},
		{"1e400", json.Number("1e400")},
		{"1e-400", json.Number("1e-400")},
		{"1e-99999999999999999999", json.Number("1e-99999999999999999999")},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			event := unmarshal[types.Event](t, `{"type":"step","input":[`+tt.text+`],"metadata":{"n":{"m":`+tt.text+`}}}`)
			if got := event.Step.Input.([]any)[0]; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %T %v, want %T %v", got, got, tt.want, tt.want)
			}
			if got := event.Metadata["n"].(map[string]any)["m"]; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("in metadata: got %T %v, want %T %v", got, got, tt.want, tt.want)
			}
		})
	}
}

// TestWholeNumbers: counts are read however they are written, as servers take them.
func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]int64{
		"12": 12, "12.0": 12, "1.2e1": 12, "120e-1": 12, "-0.0": 0, "0e9": 0, "-3.00": -3, "1e15": 1e15, "9223372036854775807": 9223372036854775807,
		"12.00000000000000000000001": 12, "0.99999999999999999999": 1, "1e-400": 0, "1000000000000000.01": 1e15,
	} {
		event := unmarshal[types.Event](t, `{"type":"step","seq":`+text+`}`)
		if event.Seq != want {
			t.Errorf("%s: got %d", text, event.Seq)
		}
	}
	if call := unmarshal[types.Event](t, `{"type":"llm_call","prompt_tokens":12.0}`).LLMCall; call.Usage.PromptTokens != 12 {
		t.Errorf("got %+v", call.Usage)
	}
	for _, text := range []string{"1.5", "1e-1", "1e18", "9223372036854775808", "1e400", `"12"`, "[12]", "true"} {
		var event types.Event
		if err := json.Unmarshal([]byte(`{"type":"step","seq":`+text+`}`), &event); err == nil {
			t.Errorf("%s was read as %d", text, event.Seq)
		}
	}
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?$`)

// FuzzNumber: a number in an any value comes back as the same number, whatever it is spelled like.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "1.50", "9007199254740993", "0.1", "1e21", "123456789012345678901234567890e-12", "5e-324", "1e-400"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !jsonNumber.MatchString(text) {
			return
		}
		before := unmarshal[types.Event](t, `{"type":"step","input":`+text+`}`)
		after := unmarshal[map[string]json.RawMessage](t, marshal(t, before))
		want, _ := new(big.Rat).SetString(text)
		got, ok := new(big.Rat).SetString(string(after["input"]))
		if !ok || got.Cmp(want) != 0 {
			t.Errorf("%s came back as %s", text, after["input"])
		}
	})
}
