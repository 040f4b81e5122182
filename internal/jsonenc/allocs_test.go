package jsonenc_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// agentValues are the kinds that must cost nothing. They are in interfaces already, as in
// an agent's map.
func agentValues() map[string]any {
	at := time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC)
	return map[string]any{
		"nil": nil, "string": text, "bool": true, "int": 1 << 30, "int8": int8(1), "int16": int16(1), "int32": int32(1), "int64": int64(1 << 40),
		"uint": uint(1), "uint8": uint8(1), "uint16": uint16(1), "uint32": uint32(1), "uint64": uint64(1 << 40), "float32": float32(0.1), "float64": 0.123456789,
		"number": json.Number("1.5"), "raw": json.RawMessage(`{"a": [1, "x"]}`), "bytes": []byte("bytes"), "time": at, "duration": time.Second, "error": errors.New("message"),
		"strings": []string{"a", "b\n"}, "ints": []int{1, 2}, "int64s": []int64{1}, "floats": []float64{0.1, 2}, "bools": []bool{true}, "anys": []any{1, "a", []any{2.5, nil}},
		"map": map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": "d"}}}}, "strings map": map[string]string{"a": "b"}, "ints map": map[string]int{"a": 1},
		"floats map": map[string]float64{"a": 0.5}, "maps": []map[string]any{{"a": 1}},
		"*string": ptr("s"), "*int": ptr(1), "*int64": ptr(int64(1)), "*float64": ptr(1.5), "*bool": ptr(true), "*time": &at,
		"tool input": toolInput, "tool output": toolOutput,
	}
}

func TestAgentValuesAllocateNothing(t *testing.T) {
	buf := make([]byte, 0, 1<<14)
	for name, v := range agentValues() {
		if n := testing.AllocsPerRun(100, func() { buf = jsonenc.Append(buf[:0], v) }); n > allocsUnderRace {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	all := agentValues()
	delete(all, "nil")
	if n := testing.AllocsPerRun(100, func() { buf = jsonenc.AppendMap(buf[:0], all) }); n > allocsUnderRace {
		t.Errorf("AppendMap: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { buf = jsonenc.AppendMap(buf[:0], all, jsonenc.Member{Name: "partial", Value: true}) }); n > allocsUnderRace {
		t.Errorf("AppendMap with a member: %v allocations", n)
	}
}
