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
