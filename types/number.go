package types

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// decodeExact decodes with every number inside an any as a json.Number.
func decodeExact(raw json.RawMessage, pointer any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(pointer)
}

// exactNumbers turns each json.Number inside v into a float64 where that loses nothing. Maps and slices are changed in place.
func exactNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		return exactNumber(v)
	case []any:
		for i := range v {
			v[i] = exactNumbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = exactNumbers(v[key])
		}
	}
	return v
}

// exactNumber compares decimals, not binary values: 0.1 has no exact float64, but the float64 nearest to it is written as 0.1 again.
func exactNumber(n json.Number) any {
	f, err := n.Float64()
	if err != nil || parseDecimal(n.String()) != parseDecimal(strconv.FormatFloat(f, 'e', -1, 64)) {
		return n
	}
	return f
}

// decodeWhole reads a whole number however it is written, as servers take it: 12, 12.0, 1.2e1.
func decodeWhole[T int | int64](raw json.RawMessage, pointer *T) error {
	err := json.Unmarshal(raw, pointer)
	if err == nil || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return err
	}
	n, ok := wholeNumber(string(raw))
	if whole := T(n); ok && int64(whole) == n {
		*pointer = whole
		return nil
	}
	return err
}

// maxLoose is below what a float64 counts one by one.
const maxLoose = 1 << 53

// wholeNumber also takes a number that a float64 cannot tell from a whole one.
func wholeNumber(text string) (int64, bool) {
	d := parseDecimal(text)
	if n, fits := d.scaled(0); fits && d.exponent >= 0 {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) < maxLoose
}
