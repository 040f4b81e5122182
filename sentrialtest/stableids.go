package sentrialtest

import (
	"fmt"
	"regexp"
	"strings"
)

// madeID is an id that the SDK made: a prefix and a UUID. Ids of the program's own are the same in every run, or folded by the test.
var madeID = regexp.MustCompile(`\b(evt|sess)_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)

// anonymous is a text to sort by.
func anonymous(text string) string { return madeID.ReplaceAllString(text, "${1}_*") }

// mentions gives the ids that entries speak of.
func mentions(entries []*entry) map[string]bool {
	found := make(map[string]bool)
	for _, e := range entries {
		for _, line := range e.lines {
			for _, id := range madeID.FindAllString(line, -1) {
				found[id] = true
			}
		}
		for id := range mentions(e.children) {
			found[id] = true
		}
	}
	return found
}

// stable gives each id of a text a name by its kind and its first place: evt_1, sess_1, trace_1, span_1.
func stable(text string, t *trace) string {
	names, count := make(map[string]string), make(map[string]int)
	name := func(kind, id string) string {
		if names[id] == "" {
			count[kind]++
			names[id] = fmt.Sprintf("%s_%d", kind, count[kind])
		}
		return names[id]
	}
	text = madeID.ReplaceAllStringFunc(text, func(id string) string {
		kind, _, _ := strings.Cut(id, "_")
		return name(kind, id)
	})
	traced := tracesOf(t)
	return hexID.ReplaceAllStringFunc(text, func(id string) string {
		if kind := traced[id]; kind != "" {
			return name(kind, id)
		}
		return id
	})
}

var hexID = regexp.MustCompile(`\b([0-9a-f]{32}|[0-9a-f]{16})\b`)

// tracesOf gives the ids of OpenTelemetry that were recorded.
func tracesOf(t *trace) map[string]string {
	kinds := make(map[string]string)
	for _, n := range t.forest.events {
		kinds[n.event.TraceID], kinds[n.event.SpanID] = "trace", "span"
	}
	delete(kinds, "")
	return kinds
}
