package tools_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/demo/tools"
)

func expression(t *testing.T, text string) string {
	t.Helper()
	args, err := json.Marshal(map[string]string{"expression": text})
	if err != nil {
		t.Fatal(err)
	}
	return string(args)
}

func TestCalculate(t *testing.T) {
	set, _ := tree(t, nil)
	for text, want := range map[string]string{
		"1+1":                 "2",
		"2 + 3*4":             "14",
		"(2 + 3) * 4":         "20",
		"7/2":                 "3.5",
		"6/3":                 "2",
		"7 % 3":               "1",
		"-(2 - 5)":            "3",
		"0.1 + 0.2":           "0.3",
		"1/3":                 "0.333333333333333",
		"1/3*3":               "1",
		"0 + 00.5":            "0.5",
		"1_000 * 3":           "3000",
		"99999999999999999*9": "899999999999999991",
		"1e3":                 "1000",
		"2.5e-3 * 2":          "0.005",
		"1e300 * 1.5":         "1.5e+300",
		"0x10":                "16",
	} {
		if got := call[tools.Calculation](t, set, "calculate", expression(t, text)); got.Value != want {
			t.Errorf("%s = %s, want %s", text, got.Value, want)
		}
	}
}

func TestCalculateRefuses(t *testing.T) {
	set, _ := tree(t, nil)
	for text, want := range map[string]string{
		"":                        "expected operand",
		"1 +":                     "expected operand",
		"(1":                      "expected ')'",
		"1 2":                     "expected",
		"a + 1":                   "want numbers",
		"f(1)":                    "want numbers",
		"1 << 2":                  "operator <<",
		"2 ^ 3":                   "operator ^",
		"^2":                      "operator ^",
		"1 == 1":                  "operator ==",
		`"a"`:                     "no number",
		"'a'":                     "no number",
		"2i":                      "no number",
		"7.5 % 2":                 "whole numbers",
		"1e400":                   "out of range",
		"1e200 * 1e200 / 3":       "out of range",
		"010":                     "leading zeros",
		"1e9999999999":            "out of range",
		strings.Repeat("1+", 300): "at most 500 bytes",
	} {
		if err := refuse(t, set, "calculate", expression(t, text)); !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q, want it to say %q", text, err, want)
		}
	}
	for _, text := range []string{"1/0", "1/(2-2)", "1%0", "1/0.0"} {
		if err := refuse(t, set, "calculate", expression(t, text)); !errors.Is(err, tools.ErrDivisionByZero) {
			t.Errorf("%s: got %v, want ErrDivisionByZero", text, err)
		}
	}
}

// A result is a number that calculates to itself.
func FuzzCalculate(f *testing.F) {
	for _, seed := range []string{"1+1", "7/2", "-(2-5)%3", "1e308*10", "1/(1-1)", "((((", "0x1p-2", "1e-999999999", "9/7*7"} {
		f.Add(seed)
	}
	set, err := tools.Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer set.Close()
	f.Fuzz(func(t *testing.T, text string) {
		result, err := set.Call(t.Context(), "calculate", json.RawMessage(expression(t, text)))
		if err != nil {
			return
		}
		value := result.(*tools.Calculation).Value
		if again := call[tools.Calculation](t, set, "calculate", expression(t, value)); again.Value != value {
			t.Errorf("%s = %s, which is %s", text, value, again.Value)
		}
	})
}
