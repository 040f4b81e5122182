package server

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

const (
	maxName     = 256
	maxCount    = 1_000_000_000_000_000
	maxDuration = 10 * 365 * 24 * time.Hour
	maxCost     = 1_000_000 // USD

	idForm   = "1 to 128 characters of A-Z a-z 0-9 _ . : -"
	timeForm = "an RFC 3339 time such as 2026-11-22T00:16:56.123456789Z"
)

func readType(e *store.Event, raw []byte) *problem {
	t, p := eventType(raw)
	if p != nil || !t.Valid() {
		return wrong("expected a word of a-z 0-9 _ such as tool_call, got " + show(raw))
	}
	e.Type = t
	if e.Type == types.EventSessionStart || e.Type == types.EventSessionUpdate || e.Type == types.EventSessionEnd {
		changeOf(e)
	}
	return nil
}

// eventType is a text as a type; of those that come most there is a copy already.
func eventType(raw []byte) (types.EventType, *problem) {
	for _, t := range []types.EventType{types.EventLLMCall, types.EventToolCall, types.EventStep, types.EventDecision} {
		if is(raw, string(t)) {
			return t, nil
		}
	}
	s, p := readText(raw)
	return types.EventType(s), p
}

// is reports whether raw is that text, written without escapes.
func is(raw []byte, text string) bool {
	return len(raw) == len(text)+2 && raw[0] == '"' && string(raw[1:len(raw)-1]) == text
}

func readTimestamp(e *store.Event, raw []byte) *problem {
	t, p := readTime(raw)
	e.Timestamp = t
	return p
}

func readDuration(e *store.Event, raw []byte) *problem {
	d, p := readMillis(raw)
	e.Duration = &d
	return p
}

var eventStatuses = []types.Status{types.StatusSuccess, types.StatusError, types.StatusRunning, types.StatusCancelled, types.StatusUnknown, ""}

func readStatus(e *store.Event, raw []byte) *problem {
	for _, status := range eventStatuses {
		if is(raw, string(status)) {
			e.Status = status
			return nil
		}
	}
	if s, p := readText(raw); p == nil && slices.Contains(eventStatuses, types.Status(s)) { // written with escapes
		e.Status = types.Status(s)
		return nil
	}
	return wrong("expected running, success, error, cancelled or unknown, got " + show(raw))
}

func readEndStatus(e *store.Event, raw []byte) *problem {
	if e.Status == types.StatusRunning {
		return wrong("expected success, error, cancelled or unknown at the end of a session, got " + show(raw))
	}
	return nil
}

func readModel(e *store.Event, raw []byte) *problem {
	s, p := readText(raw)
	e.Model = cmp.Or(s, e.Model)
	return p
}

// readRequestModel stands in for the model that answered while that is unknown.
func readRequestModel(e *store.Event, raw []byte) *problem {
	s, p := readText(raw)
	e.Model = cmp.Or(e.Model, s)
	return p
}

func readSessionInput(e *store.Event, raw []byte) *problem {
	changeOf(e).Input = raw
	return checkContent(raw)
}

func readSessionOutput(e *store.Event, raw []byte) *problem {
	changeOf(e).Output = raw
	return checkContent(raw)
}

func readSessionMetadata(e *store.Event, raw []byte) *problem {
	changeOf(e).Metadata = raw // the envelope checks it
	return nil
}

func readTags(e *store.Event, raw []byte) *problem {
	tags, p := readTexts(raw)
	changeOf(e).Tags = tags
	return p
}

func readMetrics(e *store.Event, raw []byte) *problem {
	if p := ofKind('{', "an object of numbers")(raw); p != nil {
		return p
	}
	scan := jsonscan.New(raw)
	var p *problem
	_ = scan.Members(func(key []byte) error {
		value, _, err := scan.Value()
		if _, wrongValue := readNumber(value); err == nil && wrongValue != nil && p == nil {
			p = wrong(quote(unquoteKey(key)) + ": " + wrongValue.message)
		}
		return err
	})
	changeOf(e).Metrics = raw
	return p
}

func readCost(e *store.Event, raw []byte) *problem {
	usd, p := readNumber(raw)
	if p != nil || usd < 0 || usd > maxCost {
		return wrong("expected a number of US dollars from 0 to 1000000, got " + describe(raw))
	}
	nanos := store.NanoUSD(math.Round(usd * 1e9))
	e.Cost = &nanos
	return nil
}

// checkContent refuses references to content sent before: there is nowhere to resolve them.
func checkContent(raw []byte) *problem {
	if c := raw[0]; c != '{' && c != '[' || !bytes.Contains(raw, refKey) {
		return nil
	}
	switch raw[0] {
	case '{':
		return checkRef(raw)
	case '[':
		scan := jsonscan.New(raw)
		var p *problem
		_ = scan.Elements(func() error {
			element, _, err := scan.Value()
			if err == nil && p == nil && element[0] == '{' {
				p = checkRef(element)
			}
			return err
		})
		return p
	}
	return nil
}

var refKey = []byte(`"$ref"`)

// checkRef looks for an object whose only member is "$ref" with a hash.
func checkRef(raw []byte) *problem {
	scan := jsonscan.New(raw)
	ref, members := "", 0
	_ = scan.Members(func(key []byte) error {
		value, _, err := scan.Value()
		if members++; err == nil && members == 1 && string(key) == "$ref" {
			ref, _ = readText(value)
			return nil
		}
		return errOtherwise
	})
	if members != 1 || !strings.HasPrefix(ref, "sha256:") {
		return nil
	}
	return &problem{codeMissingRef, "the content " + shorten(ref) + " is not here, send it whole"}
}

// errOtherwise ends a walk that has seen enough.
var errOtherwise = errors.New("something else")

func readText(raw []byte) (string, *problem) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", wrong("expected a string, got " + describe(raw))
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", wrong("expected a string: " + err.Error())
	}
	return s, nil
}

// plainText is readText without a copy, if there are no escapes.
func plainText(raw []byte) ([]byte, *problem) {
	if len(raw) >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	s, p := readText(raw)
	return []byte(s), p
}

// readTexts returns no nil slice: no tags are something else than nothing said about tags.
func readTexts(raw []byte) ([]string, *problem) {
	texts := []string{}
	if raw[0] != '[' || json.Unmarshal(raw, &texts) != nil {
		return nil, wrong("expected an array of strings, got " + describe(raw))
	}
	return texts, nil
}

// checkTexts is readTexts for arrays that are only stored.
func checkTexts(raw []byte) *problem {
	texts := raw[0] == '['
	scan := jsonscan.New(raw)
	_ = scan.Elements(func() error {
		text, _, err := scan.Value()
		texts = texts && err == nil && (text[0] == '"' || isNull(text))
		return err
	})
	if !texts {
		return wrong("expected an array of strings, got " + describe(raw))
	}
	return nil
}

func readNumber(raw []byte) (float64, *problem) {
	f, err := strconv.ParseFloat(string(raw), 64)
	if !isNumber(raw) || err != nil {
		return 0, wrong("expected a number, got " + describe(raw))
	}
	return f, nil
}

// readCount takes whole numbers however they are written: 12, 12.0, 1.2e1.
func readCount(raw []byte) (int64, *problem) {
	f, p := readNumber(raw)
	if p != nil || f < 0 || f > maxCount || f != math.Trunc(f) {
		return 0, wrong("expected a whole number from 0 to " + strconv.FormatInt(maxCount, 10) + ", got " + describe(raw))
	}
	return int64(f), nil
}

// readMillis takes milliseconds with any number of decimals, to the nanosecond.
func readMillis(raw []byte) (time.Duration, *problem) {
	ms, p := readNumber(raw)
	if p != nil || ms < 0 || ms > float64(maxDuration/time.Millisecond) {
		return 0, wrong("expected milliseconds from 0 to " + strconv.FormatInt(maxDuration.Milliseconds(), 10) + " (10 years), got " + describe(raw))
	}
	return time.Duration(math.Round(ms * 1e6)), nil
}

// readTime takes times whose nanoseconds since 1970 an integer can hold.
func readTime(raw []byte) (time.Time, *problem) {
	var t time.Time
	s, p := plainText(raw)
	if p != nil || t.UnmarshalText(s) != nil {
		return time.Time{}, wrong("expected " + timeForm + ", got " + show(raw))
	}
	if t = t.UTC(); !storable(t) {
		return time.Time{}, wrong("expected a time from 1970 to 2261, got " + show(raw))
	}
	return t, nil
}

func storable(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 2261 }
