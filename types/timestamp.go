package types

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// encodeTime writes RFC 3339 in UTC, with as many decimals of the second as t has.
func encodeTime(t time.Time) (json.RawMessage, error) {
	t = t.UTC()
	if !hasWireYear(t) {
		return nil, fmt.Errorf("year %d: want 0 to 9999", t.Year())
	}
	return json.RawMessage(`"` + t.Format(time.RFC3339Nano) + `"`), nil
}

func decodeTime(raw json.RawMessage) (time.Time, error) {
	var t time.Time
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil || t.UnmarshalText([]byte(text)) != nil {
		return time.Time{}, errors.New("want an RFC 3339 time such as 2026-11-22T00:16:56.123Z")
	}
	t = t.UTC()
	if !hasWireYear(t) { // the offset may carry a time at either end across it
		return time.Time{}, fmt.Errorf("year %d in UTC: want 0 to 9999", t.Year())
	}
	return t, nil
}

func hasWireYear(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }
