package jsonenc_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

type node struct {
	Name string `json:"name"`
	L    *node  `json:"l,omitempty"`
	R    *node  `json:"r,omitempty"`
}

type ring *ring

func TestCycles(t *testing.T) {
	m := map[string]any{"name": "m"}
	m["self"], m["list"] = m, []any{1, m}
	if got, want := decoded(t, jsonenc.Append(nil, m)), map[string]any{
		"name": "m", "self": marker("cycle", "map[string]interface {}"),
		"list": []any{json.Number("1"), marker("cycle", "map[string]interface {}")},
	}; !reflect.DeepEqual(got, any(want)) {
		t.Errorf("map:\n got %v\nwant %v", got, want)
	}

	twice := make([]any, 2)
	twice[0], twice[1] = twice, twice
	cyc := marker("cycle", "[]interface {}")
	if got := decoded(t, jsonenc.Append(nil, twice)); !reflect.DeepEqual(got, any([]any{cyc, cyc})) {
		t.Errorf("slice: got %v", got)
	}

	n := &node{Name: "n"}
	n.L, n.R = n, &node{Name: "r", L: n}
	cyc = marker("cycle", "*jsonenc_test.node")
	if got, want := decoded(t, jsonenc.Append(nil, n)), map[string]any{
		"name": "n", "l": cyc, "r": map[string]any{"name": "r", "l": cyc},
	}; !reflect.DeepEqual(got, any(want)) {
		t.Errorf("pointers:\n got %v\nwant %v", got, want)
	}
}

func TestCyclesWithoutAnyNesting(t *testing.T) {
	var r ring
	r = ring(&r)
	if got := decoded(t, jsonenc.Append(nil, r)); !reflect.DeepEqual(got, any(marker("cycle", "jsonenc_test.ring"))) &&
		!reflect.DeepEqual(got, any(marker("cycle", "*jsonenc_test.ring"))) {
		t.Errorf("ring of pointers: got %v", got)
	}
	var a any
	a = &a
	if got := decoded(t, jsonenc.Append(nil, a)); !reflect.DeepEqual(got, any(marker("cycle", "*interface {}"))) {
		t.Errorf("pointer to itself: got %v", got)
	}
}

// The same value in several places is no cycle, nor are a struct, its first field and a
// slice of it, though they have one address.
func TestSharedValuesAreNoCycles(t *testing.T) {
	shared := []any{1}
	same := map[string]any{"a": shared, "b": []any{shared, shared}}
	type first struct {
		A [1]struct{ S *[1]int }
		V []struct{ S *[1]int }
	}
	f := &first{}
	f.V = f.A[:]
	empty := []any{[]any{}, map[string]any{}}
	for _, v := range []any{same, f, empty, []any{f, f, empty, empty}} {
		if got := string(jsonenc.Append(nil, v)); strings.Contains(got, "$omitted") {
			t.Errorf("%T: %s", v, got)
		}
	}
}

func nested(depth int, leaf any) any {
	for range depth {
		leaf = []any{leaf}
	}
	return leaf
}

// depthOf is the deepest nesting in valid JSON.
func depthOf(b []byte) (deepest int) {
	depth := 0
	d := json.NewDecoder(bytes.NewReader(b))
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		deepest = max(deepest, depth)
	}
}

func TestDepth(t *testing.T) {
	const most = jsonenc.MaxDepth
	brackets := func(n int) json.RawMessage {
		return json.RawMessage(strings.Repeat("[", n) + strings.Repeat("]", n))
	}
	type list struct{ Next *list }
	linked := func(n int) (l *list) {
		for range n {
			l = &list{l}
		}
		return l
	}
	for _, c := range []struct {
		name string
		make func(n int) any
	}{
		{"[]any", func(n int) any { return nested(n, 1) }},
		{"[]string inside", func(n int) any { return nested(n-1, []string{"a"}) }},
		{"map inside", func(n int) any { return nested(n-1, map[string]int{"a": 1}) }},
		{"[]map inside", func(n int) any { return nested(n-2, []map[string]any{{"a": 1}}) }},
		{"typed map inside", func(n int) any { return nested(n-1, map[int]int{1: 1}) }},
		{"array inside", func(n int) any { return nested(n-1, [1]int{}) }},
		{"typed slice inside", func(n int) any { return nested(n-1, []inner{}) }},
		{"struct inside", func(n int) any { return nested(n-1, inner{}) }},
		{"linked list", func(n int) any { return linked(n) }},
		{"raw", func(n int) any { return brackets(n) }},
		{"raw inside", func(n int) any { return nested(10, brackets(n-10)) }},
		{"MarshalJSON inside", func(n int) any { return nested(10, lies{string(brackets(n - 10))}) }},
	} {
		got := jsonenc.Append(nil, c.make(most))
		if strings.Contains(string(got), "$omitted") || depthOf(got) != most {
			t.Errorf("%s, %d deep: %s", c.name, most, got)
		}
		for _, n := range []int{most + 1, most + 2, 10 * most, 1_000_000} {
			got := jsonenc.Append(nil, c.make(n))
			decoded(t, got)
			if !strings.Contains(string(got), `"$omitted":"too deep"`) && c.name != "typed slice inside" {
				t.Errorf("%s, %d deep: no marker in %.300s", c.name, n, got)
			}
			if d := depthOf(got); d > most+1 {
				t.Errorf("%s, %d deep: the output nests %d deep", c.name, n, d)
			}
		}
	}
}

// Sharing makes a value of a few hundred bytes describe an astronomic one. Each of these
// ends only because the size is bounded; the bound is what is checked, not the time.
func TestSharedValuesAreBounded(t *testing.T) {
	anyDAG := any("leaf")
	for range 50 {
		anyDAG = []any{anyDAG, anyDAG}
	}
	mapDAG := map[string]any{}
	for range 50 {
		mapDAG = map[string]any{"a": mapDAG, "b": mapDAG}
	}
	pointerDAG := &node{}
	for range 50 {
		pointerDAG = &node{L: pointerDAG, R: pointerDAG}
	}
	type box struct{ A, B any }
	boxed := any("leaf")
	for range 50 {
		boxed = box{boxed, boxed}
	}
	var ring [40][]any // each holds all: no cycle is short, there are 40! of them
	for i := range ring {
		ring[i] = make([]any, len(ring))
	}
	for i := range ring {
		for j := range ring {
			ring[i][j] = ring[j]
		}
	}
	for name, v := range map[string]any{
		"lists": anyDAG, "maps": mapDAG, "pointers": pointerDAG, "boxed": boxed, "all in all": ring[0], "maps in list": []map[string]any{mapDAG, mapDAG},
	} {
		checkCut(t, name, v, 0, jsonenc.MaxBytes/2)
	}
}

func TestWideValuesAreBounded(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	bigs := make([]string, 1000)
	bigMap, bigTyped := map[string]string{}, map[int]string{}
	for i := range bigs {
		bigs[i], bigTyped[i] = big, big
		bigMap[string(rune('a'+i))] = big
	}
	foreign := make([]asText, 10)
	for i := range foreign {
		foreign[i].A = big
	}
	type wide struct{ A, B, C, D, E, F, G, H, I, J, K, L string }
	for name, v := range map[string]any{
		"strings": bigs, "map of strings": bigMap, "typed map": bigTyped, "typed": [][]string{bigs, bigs}, "array": [1 << 30]struct{}{},
		"struct": wide{big, big, big, big, big, big, big, big, big, big, big, big}, "foreign": foreign,
	} {
		checkCut(t, name, v, jsonenc.MaxBytes, jsonenc.MaxBytes+2<<20)
	}
	many := decoded(t, jsonenc.Append(nil, make([]byValue, 100_000))).([]any)
	if last := many[len(many)-1]; len(many) != 100_000 || !reflect.DeepEqual(last, any(marker("too large", "jsonenc_test.byValue"))) {
		t.Errorf("of 100,000 foreign values %d are there, the last is %v", len(many), last)
	}
}

func checkCut(t *testing.T, name string, v any, least, most int) {
	t.Helper()
	got := jsonenc.Append([]byte{' '}, v)
	decoded(t, got)
	if len(got) < least || len(got) > most {
		t.Errorf("%s: %d bytes, want %d to %d", name, len(got), least, most)
	}
	if !strings.Contains(string(got[len(got)-300:]), `"$omitted":"too large"`) {
		t.Errorf("%s: no marker at the end: %s", name, got[len(got)-300:])
	}
}

func TestASingleStringIsNeverCut(t *testing.T) {
	s := strings.Repeat("x", jsonenc.MaxBytes+1)
	if got := jsonenc.Append(nil, map[string]any{"s": s}); len(got) != len(s)+len(`{"s":""}`) {
		t.Errorf("%d bytes of %d", len(got), len(s))
	}
}

// A write beside the call can tear an interface in two. What then panics costs that value.
func TestTornValue(t *testing.T) {
	torn := []any{"text"}
	(*[2]unsafe.Pointer)(unsafe.Pointer(&torn[0]))[1] = nil // still a string, but nowhere
	if got := string(jsonenc.Append([]byte("x"), map[string]any{"torn": torn})); !strings.HasPrefix(got, `x{"$omitted":"panic: `) {
		t.Errorf("got %s", got)
	}
	got := string(jsonenc.AppendMap(nil, map[string]any{"torn": torn}, jsonenc.Member{Name: "x"}))
	if !strings.HasPrefix(got, `{"$omitted":"panic: `) {
		t.Errorf("AppendMap: got %s", got)
	}
}
