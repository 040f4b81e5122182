package otelbridge

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
)

// attributes reads a span's attributes by key and remembers which were read, so that the others can be kept too. Instrumentations do not agree on types:
// a number may come as a text, a list as one text or as JSON.
type attributes struct {
	list []attribute.KeyValue
	read []bool
}

func newAttributes(list []attribute.KeyValue) attributes {
	return attributes{list: list, read: make([]bool, len(list))}
}

// value finds an attribute; nil when it is absent.
func (a *attributes) value(key string) any {
	i := slices.IndexFunc(a.list, func(kv attribute.KeyValue) bool { return string(kv.Key) == key })
	if i < 0 {
		return nil
	}
	a.read[i] = true
	return plain(a.list[i].Value)
}

// text gives the first attribute that is not empty.
func (a *attributes) text(keys ...string) string {
	for _, key := range keys {
		if s := asText(a.value(key)); s != "" {
			return s
		}
	}
	return ""
}

// asText gives a text as it is, a JSON string for what it spells, and anything else as JSON.
func asText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	raw := toJSON(v)
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// json gives an attribute with any structure. A text that holds JSON is taken for the value it spells, once; another text stays a text.
func (a *attributes) json(key string) any { return decoded(a.value(key)) }

// texts gives a list: a real one, one in JSON, or a single text.
func (a *attributes) texts(key string) (list []string) {
	v := a.json(key)
	if v == nil {
		return nil
	}
	if json.Unmarshal(toJSON(v), &list) != nil {
		return []string{asText(v)}
	}
	return list
}

// maxCount keeps nonsense out of sums. Counts above it, below zero or not whole are taken for absent and stay with the rest.
const maxCount = 1 << 50

func (a *attributes) count(key string) int {
	f, ok := a.number(key)
	if !ok || f < 0 || f > min(maxCount, math.MaxInt) || f != math.Trunc(f) {
		a.unread(key)
		return 0
	}
	return int(f)
}

func (a *attributes) number(key string) (f float64, ok bool) {
	switch v := a.value(key).(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v)
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil && !math.IsNaN(f)
	}
	return 0, false
}

// maxSeconds is about a year: longer times are nonsense, and would not fit a Duration in the end.
const maxSeconds = 366 * 24 * 3600

func (a *attributes) seconds(key string) time.Duration {
	f, ok := a.number(key)
	if !ok || f < 0 || f > maxSeconds {
		a.unread(key)
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// under gives all attributes whose key begins with prefix and that were not read before, without the prefix.
func (a *attributes) under(prefix string) map[string]any {
	found := make(map[string]any)
	for i, kv := range a.list {
		if name, ok := strings.CutPrefix(string(kv.Key), prefix); ok && !a.read[i] {
			a.read[i] = true
			found[name] = plain(kv.Value)
		}
	}
	return found
}

// rest gives what was not read.
func (a *attributes) rest() map[string]any { return a.under("") }

func (a *attributes) unread(key string) {
	for i, kv := range a.list {
		if string(kv.Key) == key {
			a.read[i] = false
		}
	}
}
