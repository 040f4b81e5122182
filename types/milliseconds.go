package types

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxMicroseconds is the longest duration that reads back, in either direction.
const maxMicroseconds = math.MaxInt64 / int64(time.Microsecond)

var errDurationRange = fmt.Errorf("out of range: want at most %s ms in either direction", formatMilliseconds(math.MaxInt64))

// formatMilliseconds writes d as a JSON number of milliseconds, rounded to the nearest microsecond, in integers only.
func formatMilliseconds(d time.Duration) json.RawMessage {
	micros, rest := int64(d/time.Microsecond), d%time.Microsecond
	switch {
	case rest >= time.Microsecond/2:
		micros++
	case rest <= -time.Microsecond/2:
		micros--
	}
	var text []byte
	if micros < 0 {
		text, micros = append(text, '-'), -micros
	}
	micros = min(micros, maxMicroseconds)
	text = strconv.AppendInt(text, micros/1000, 10)
	if fraction := micros % 1000; fraction > 0 {
		text = append(text, strings.TrimRight(fmt.Sprintf(".%03d", fraction), "0")...)
	}
	return text
}

// parseMilliseconds reads any JSON number of milliseconds, to the nearest microsecond.
func parseMilliseconds(raw json.RawMessage) (time.Duration, error) {
	if first := raw[0]; first != '-' && (first < '0' || first > '9') {
		return 0, errors.New("want a number of milliseconds")
	}
	micros, ok := parseDecimal(string(raw)).scaled(3)
	if !ok || micros > maxMicroseconds || micros < -maxMicroseconds {
		return 0, errDurationRange
	}
	return time.Duration(micros) * time.Microsecond, nil
}
