package otlp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// What fields hold. JSON has numbers as numbers and as strings, and ids as hexadecimal digits.

// word is the text of a JSON scalar without its quotes.
func (v value) word() (text string, quoted bool, err error) {
	raw, _, err := v.scan.Value()
	if err != nil {
		return "", false, err
	}
	switch raw[0] {
	case '"':
		text, err = unquoted(raw)
		return text, true, err
	case '{', '[':
		return "", false, errors.New("expected a text or a number, got an object or array")
	}
	return string(raw), false, nil
}

func unquoted(raw []byte) (text string, err error) {
	if !strings.Contains(string(raw), `\`) {
		return strings.ToValidUTF8(string(raw[1:len(raw)-1]), "\uFFFD"), nil
	}
	err = json.Unmarshal(raw, &text)
	return text, err
}

func (v value) text() (string, error) {
	if v.scan == nil {
		b, err := v.octets()
		return strings.ToValidUTF8(string(b), "\uFFFD"), err
	}
	text, quoted, err := v.word()
	if err == nil && !quoted {
		err = errors.New("expected a text")
	}
	return text, err
}

// octets is what a field of bytes holds, which JSON has as base64. It is a part of a protobuf body.
func (v value) octets() ([]byte, error) {
	if v.scan == nil {
		if v.wire != protowire.BytesType {
			return nil, errors.New("expected text or bytes, got a number")
		}
		return v.raw, nil
	}
	text, err := v.text()
	if err != nil {
		return nil, err
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}

// id fills in an id, which is left as it is when the field is empty.
func (v value) id(id []byte) error {
	b, err := v.digits()
	switch {
	case err != nil:
		return err
	case len(b) == 0:
		return nil
	case len(b) != len(id):
		return fmt.Errorf("expected an id of %d bytes, got %d", len(id), len(b))
	}
	copy(id, b)
	return nil
}

func (v value) digits() ([]byte, error) {
	if v.scan == nil {
		return v.octets()
	}
	text, err := v.text()
	if err != nil {
		return nil, err
	}
	b, err := hex.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("expected an id of hexadecimal digits: %w", err)
	}
	return b, nil
}

func (v value) number() (int64, error) {
	if v.scan == nil {
		if v.wire == protowire.BytesType {
			return 0, errors.New("expected a number, got text or bytes")
		}
		return int64(v.num), nil
	}
	text, _, err := v.word()
	if err != nil {
		return 0, err
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return int64(n), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, errors.New("expected a whole number")
	}
	return int64(f), nil
}

// choice is the number of an enum, which JSON may also have as a name that ends in one of these.
func (v value) choice(endings ...string) (int, error) {
	if v.scan == nil || v.scan.Peek() != '"' {
		n, err := v.number()
		return int(n), err
	}
	text, err := v.text()
	if err != nil {
		return 0, err
	}
	for n, ending := range endings {
		if strings.HasSuffix(text, "_"+ending) {
			return n, nil
		}
	}
	return strconv.Atoi(text)
}

func (v value) float() (float64, error) {
	if v.scan == nil {
		if v.wire != protowire.Fixed64Type {
			return 0, errors.New("expected a floating-point number")
		}
		return math.Float64frombits(v.num), nil
	}
	text, _, err := v.word()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(text, 64)
}

// double is a number, or the word for one that JSON has no form for.
func (v value) double() (any, error) {
	f, err := v.float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.FormatFloat(f, 'g', -1, 64), err
	}
	return f, err
}

func (v value) truth() (bool, error) {
	if v.scan == nil {
		n, err := v.number()
		return n != 0, err
	}
	text, _, err := v.word()
	if err == nil && text != "true" && text != "false" {
		err = errors.New("expected true or false")
	}
	return text == "true", err
}

// moment is a time in nanoseconds since 1970, the zero time for 0. Later ones than an integer can hold are the last one it can.
func (v value) moment() (time.Time, error) {
	n, err := v.number()
	switch {
	case err != nil || n == 0:
		return time.Time{}, err
	case n < 0:
		n = math.MaxInt64
	}
	return time.Unix(0, n).UTC(), nil
}
