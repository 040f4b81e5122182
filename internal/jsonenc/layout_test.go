package jsonenc_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// TestEncoderGivesTheSame: whatever was encoded in a place before, values come out as they do alone.
func TestEncoderGivesTheSame(t *testing.T) {
	var e jsonenc.Encoder
	for range 3 {
		for name, v := range same() {
			for _, v := range []any{v, map[string]any{"in": []any{v, map[string]any{"a": v}}, "x\n": 1}, map[string]any{"in": v, "also": map[string]any{"in": v}}} {
				want := decoded(t, standard(t, v))
				if got := decoded(t, e.Append(nil, v, 1)); !reflect.DeepEqual(got, want) {
					t.Errorf("%s:\n got %v\nwant %v", name, got, want)
				}
			}
		}
	}
}

// TestEncoderKnowsMapsAgain: the second map of a place comes in the order of the first, and so do those inside it.
func TestEncoderKnowsMapsAgain(t *testing.T) {
	value := func(n int) map[string]any {
		return map[string]any{
			"a": n, "b": map[string]any{"x": n, "y": "", "z": []any{map[string]any{"r": 1, "s": 2, "t": n}}}, "c": math.NaN(), "e": true, "f": nil,
		}
	}
	var e jsonenc.Encoder
	for range 3 { // each round the maps one level further in are learnt
		e.Append(nil, value(1), 7)
	}
	first := string(e.Append(nil, value(1), 7))
	for range 20 {
		e.Append(nil, map[string]any{"another": "place"}, 8)
		if again := string(e.Append(nil, value(2), 7)); again != strings.NewReplacer(`"a":1`, `"a":2`, `"x":1`, `"x":2`, `"t":1`, `"t":2`).Replace(first) {
			t.Fatalf("the order changed:\n%s\n%s", first, again)
		}
	}
}

// TestEncoderKeepsToTheLimits: maps that are known end where others do.
func TestEncoderKeepsToTheLimits(t *testing.T) {
	deep := func() any {
		v := any(1)
		for range jsonenc.MaxDepth + 5 {
			v = map[string]any{"in": v}
		}
		return v
	}
	loop := map[string]any{"a": 1}
	loop["self"] = loop
	large := map[string]any{"a": strings.Repeat("x", jsonenc.MaxBytes), "b": strings.Repeat("y", jsonenc.MaxBytes)}
	var e jsonenc.Encoder
	for name, v := range map[string]any{"deep": deep(), "loop": loop} {
		want := decoded(t, jsonenc.Append(nil, v))
		for range jsonenc.MaxDepth + 5 {
			if got := decoded(t, e.Append(nil, v, 3)); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s:\n got %v\nwant %v", name, got, want)
			}
		}
	}
	for range 3 {
		if got := e.Append(nil, large, 4); len(got) > jsonenc.MaxBytes+100 || !strings.Contains(string(got), "$omitted") {
			t.Errorf("a map of %d bytes became %d bytes of JSON", 2*jsonenc.MaxBytes, len(got))
		}
	}
}

// TestEncoderAfterAPanic: a value that cannot be encoded leaves nothing behind.
func TestEncoderAfterAPanic(t *testing.T) {
	torn := []any{"text"}
	(*[2]unsafe.Pointer)(unsafe.Pointer(&torn[0]))[1] = nil // still a string, but nowhere
	var e jsonenc.Encoder
	for range 2 {
		if got := string(e.Append(nil, map[string]any{"a": byValue{1}, "b": torn}, 5)); !strings.HasPrefix(got, `{"$omitted":"panic: `) {
			t.Errorf("got %s", got)
		}
		e.Append(nil, map[string]any{"a": byValue{1}, "b": 1}, 5)
		if got := string(e.Append(nil, []any{map[string]any{"b": 2}}, 5)); got != `[{"b":2}]` {
			t.Errorf("got %s", got)
		}
	}
}

func TestEncoderAllocatesNothing(t *testing.T) {
	var e jsonenc.Encoder
	buf := make([]byte, 0, 1<<14)
	for name, v := range agentValues() {
		if n := testing.AllocsPerRun(100, func() { buf = e.Append(buf[:0], v, 9) }); n > allocsUnderRace {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// FuzzEncoder encodes one map after the other in one place. Each character of names is one map's next name; 0 ends the map.
func FuzzEncoder(f *testing.F) {
	f.Add([]byte("ab\x00ba\x00ab\x00abc\x00a\x00ab\x00"), uint32(1))
	f.Add([]byte("abcdefgh\x00abcdefghi\x00abcdefgh\x00\"\n\x00\"\n\x00"), uint32(0))
	f.Fuzz(func(t *testing.T, names []byte, where uint32) {
		if !utf8.Valid(names) {
			return // which of two such names is numbered depends on the order
		}
		var e jsonenc.Encoder
		for i, ofMap := range strings.Split(string(names), "\x00") {
			m, inner := map[string]any{}, map[string]any{}
			for j, name := range ofMap {
				inner[ofMap[j:]] = j
				m[string(name)] = []any{i, inner}
			}
			want := decoded(t, jsonenc.Append(nil, m))
			if got := decoded(t, e.Append(nil, m, where)); !reflect.DeepEqual(got, want) {
				t.Fatalf("\n got %v\nwant %v", got, want)
			}
		}
	})
}
