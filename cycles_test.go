package sentrial_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

type (
	link  struct{ Next *link }
	box   struct{ In any }
	graph struct {
		Name  string
		Peers []*graph
		Index map[string]*graph
		Any   any
	}
	knot  *knot
	typed map[string]typed
	lists []lists
)

// cycles are values that lead back to themselves, each by another way.
func cycles() map[string]any {
	m := map[string]any{"kept": 1}
	m["self"] = m
	list := make([]any, 2)
	list[1] = list
	first := &link{}
	first.Next = &link{Next: first}
	var self any
	self = &self
	var k knot
	k = &k
	node := &graph{Name: "kept"}
	node.Peers, node.Index, node.Any = []*graph{node}, map[string]*graph{"a": node}, box{box{node}}
	a, b := map[string]any{}, []any{nil}
	a["b"], b[0] = b, &box{a}
	t := typed{}
	t["t"] = t
	l := make(lists, 1)
	l[0] = l
	array := [1]any{}
	array[0] = &array
	maps := []map[string]any{{}}
	maps[0]["in"] = maps
	return map[string]any{
		"map": m, "slice": list, "pointers": first, "interface": self, "pointer to itself": k, "struct": node, "struct by value": *node, "map, slice and pointer": a,
		"typed map": t, "typed slice": l, "array": &array, "slice of maps": maps, "boxed": box{box{list}},
	}
}

const million = 1_000_000

// deepen nests a value n times.
func deepen[T any](n int, nest func(T) T) T {
	var v T
	for range n {
		v = nest(v)
	}
	return v
}

// chains make values that are n levels deep.
var chains = map[string]func(n int) any{
	"slices":           func(n int) any { return deepen(n, func(v any) any { return []any{v} }) },
	"maps":             func(n int) any { return deepen(n, func(v any) any { return map[string]any{"in": v} }) },
	"structs by value": func(n int) any { return deepen(n, func(v any) any { return box{v} }) },
	"pointers":         func(n int) any { return deepen(n, func(v any) any { return &box{v} }) },
	"linked list":      func(n int) any { return deepen(n, func(v *link) *link { return &link{v} }) },
	"typed maps":       func(n int) any { return deepen(n, func(v typed) typed { return typed{"in": v} }) },
	"typed slices":     func(n int) any { return deepen(n, func(v lists) lists { return lists{v} }) },
	"JSON":             func(n int) any { return json.RawMessage(strings.Repeat("[", n) + strings.Repeat("]", n)) },
}

// shapedClients are the ways on which an event is looked at before it is written.
func shapedClients(t *testing.T, w *wire) map[string]*sentrial.Client {
	return map[string]*sentrial.Client{
		"plain": newClient(t, w),
		"hooks": newClient(t, w, sentrial.WithHook(struct {
			startHook
			endHook
		}{func(ctx context.Context, _ *types.Event) context.Context { return ctx }, func(context.Context, *types.Event) {}})),
		"redactor": newClient(t, w, sentrial.WithRedactor(keepAll{})),
	}
}

// checkMarked puts v at each of the places and wants a marker for it, in events that a server takes.
func checkMarked(t *testing.T, name string, v any, marker string, places ...place) {
	t.Helper()
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		keys := make([]string, len(places))
		for i, p := range places {
			keys[i] = p.put(t.Context(), client, v)
		}
		events := arrived(t, client, w)
		w.forget()
		for i, p := range places {
			if got := events.at(t, keys[i], p.path); !strings.Contains(string(got), marker) {
				t.Errorf("%s as %s, %s: no marker in %.300s", name, p.name, way, got)
			}
		}
		if s := client.Stats(); s.Accepted != s.Delivered || len(s.Refused) > 0 {
			t.Errorf("%s, %s: stats = %+v", name, way, s)
		}
	}
}

func TestRow55CyclesEverywhere(t *testing.T) {
	for name, v := range cycles() {
		marker := `"$omitted":"cycle"`
		if name == "struct by value" { // its copy is no part of the cycle, what it refers to is
			marker = `"Name":"kept"`
		}
		checkMarked(t, name, v, marker, places...)
	}
}

func TestRow55DeepValuesEverywhere(t *testing.T) {
	for name, chain := range chains {
		checkMarked(t, name, chain(10_000), `"$omitted":"too deep"`, places...)
	}
}

// TestRow55AMillionLevels: where a value is written at once, and where it is kept for a while and compared.
func TestRow55AMillionLevels(t *testing.T) {
	for name, chain := range chains {
		if name != "structs by value" { // they have a test of their own
			checkMarked(t, name, chain(million), `"$omitted":"too deep"`, placesNamed("tool input", "span input", "span parameters", "helper's metadata")...)
		}
	}
}

// TestRow55DeepValueIsKeptAsFarAsItGoes: by every way to the same place, also where the value waits as JSON for the end of a span.
func TestRow55DeepValueIsKeptAsFarAsItGoes(t *testing.T) {
	leaf, levels := any("leaf"), 0
	for ; levels < 200; levels++ {
		leaf = map[string]any{"n": levels, "in": leaf}
	}
	w := &wire{}
	for way, client := range shapedClients(t, w) {
		for _, p := range places {
			key := p.put(t.Context(), client, leaf)
			got := arrived(t, client, w).at(t, key, p.path)
			w.forget()
			if depth := nesting(got); depth < 56 {
				t.Errorf("as %s, %s: %d levels were kept: %.200s", p.name, way, depth, got)
			}
		}
	}
}

// TestRow55SharedValuesAreNoCycles: the same map twice is there twice.
func TestRow55SharedValuesAreNoCycles(t *testing.T) {
	shared := map[string]any{"n": 1}
	node := &link{Next: &link{}}
	v := []any{shared, shared, []any{shared}, node, node, node.Next}
	want := `[{"n":1},{"n":1},[{"n":1}],{"Next":{"Next":null}},{"Next":{"Next":null}},{"Next":null}]`
	w := &wire{}
	client := newClient(t, w)
	for _, p := range places {
		key := p.put(t.Context(), client, v)
		if got := string(arrived(t, client, w).at(t, key, p.path)); got != want {
			t.Errorf("as %s: got %s", p.name, got)
		}
		w.forget()
	}
}

// TestRow55WideValues have a million parts: the event arrives, with a marker in their place.
func TestRow55WideValues(t *testing.T) {
	wide := make(map[string]any, million)
	for i := range million {
		wide["key_"+strconv.Itoa(i)] = i
	}
	for name, v := range map[string]any{
		"map": wide, "slice": make([]any, million), "ints": make([]int, million), "structs": make([]box, million), "array": new([million]bool),
		"JSON": json.RawMessage(`[` + strings.Repeat("1,", million) + `1]`),
	} {
		w := &wire{}
		client := newClient(t, w)
		key := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "kept", ToolInput: v, ToolOutput: "kept"})
		events := arrived(t, client, w)
		if got := string(events.at(t, key, into("tool_input"))); !strings.HasPrefix(got, `{"$truncated":{"bytes":`) {
			t.Errorf("%s became %.200s", name, got)
		}
		if got := string(events.at(t, key, into("tool_output"))); got != `"kept"` {
			t.Errorf("%s: what was beside it is %.200s", name, got)
		}
	}
}

// TestRow55PanicsWithCycles: what a program panics with, in a method that is called for it, may be anything.
func TestRow55PanicsWithCycles(t *testing.T) {
	for name, v := range cycles() {
		synctest.Test(t, func(t *testing.T) {
			checkMarked(t, "panic with a cycle through "+name, panicsWith(v), `"$omitted":"panic: a value of type `, places...)
		})
	}
}
