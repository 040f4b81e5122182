package jsontree

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// exact gives the float64 that is written as the number in text again, and where there is none the text as a json.Number. That is the rule of package types, which
// is asked about what has an exponent.
func exact(text string) any {
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return json.Number(text)
	case strings.ContainsAny(text, "eE"):
		return asTypes(text)
	case len(text) <= surelyExact || writtenAs(f, text):
		return f
	}
	return json.Number(text)
}

// surelyExact is how many decimal digits every float64 gives back, far from the ends of its range.
const surelyExact = 15

// writtenAs tells whether the shortest digits that give f back are those in text, which has no exponent.
func writtenAs(f float64, text string) bool {
	if strings.IndexByte(text, '.') >= 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	var shortest [32]byte // what is longer goes elsewhere
	return string(strconv.AppendFloat(shortest[:0], f, 'f', -1, 64)) == text
}

func asTypes(number string) any {
	var e types.Event
	if err := json.Unmarshal([]byte(`{"type":"step","input":`+number+`}`), &e); err != nil || e.Step == nil {
		return json.Number(number)
	}
	return e.Step.Input
}
