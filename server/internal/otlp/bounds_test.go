package otlp_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
)

// TestValuesNestSixtyFourDeep and no deeper: what holds more is left out and counted, the rest of the span stays. Far beyond, the span is rejected.
func TestValuesNestSixtyFourDeep(t *testing.T) {
	for depth, left := range map[int]int{64: 0, 65: 1, 80: 1, 400: -1} {
		list, object := str("x"), str("x")
		for range depth {
			list, object = array(list), kvlist(kv("k", object))
		}
		for _, v := range []*commonpb.AnyValue{list, object} {
			s := aSpan(1)
			s.Attributes = []*commonpb.KeyValue{kv("before", str("b")), kv("deep", v), kv("after", str("a"))}
			for name, f := range inForms(t, traces(s)) {
				got, tally, err := otlp.Traces(f.Body, f.Form, otlp.StandardLimits())
				if err != nil || tally.Rejected != min(0, left)*-1 {
					t.Fatalf("%s, %d deep: %+v, %v", name, depth, tally, err)
				}
				if len(got) == 1 && (got[0].Dropped != 9+left || len(got[0].Attributes) != 3-left || len(got[0].Events) != 1) {
					t.Errorf("%s, %d deep: %d dropped, %d attributes", name, depth, got[0].Dropped, len(got[0].Attributes))
				}
			}
		}
	}
}

// TestWhatIsUnknownNestsNoDeeper in JSON, for a text that has to be mended is read as a whole.
func TestWhatIsUnknownNestsNoDeeper(t *testing.T) {
	for depth, why := range map[int]string{200: "", 5000: "a span: it nests more than"} {
		unknown := `"name":"\ud83d","new":` + strings.Repeat("[", depth) + strings.Repeat("]", depth)
		_, tally, err := otlp.Traces([]byte(written(strings.Replace(writtenSpan, `"name":"chat m"`, unknown, 1))), otlp.JSON, otlp.StandardLimits())
		if err != nil || tally.Taken+tally.Rejected != 1 || (tally.Taken == 1) != (why == "") || !strings.HasPrefix(tally.Reason, why) {
			t.Errorf("%d deep: %+v, %v", depth, tally, err)
		}
	}
}

// TestBracesInTextsAreNoObjects: prompts are full of them.
func TestBracesInTextsAreNoObjects(t *testing.T) {
	body := written(strings.Replace(writtenSpan, "chat m", strings.Repeat(`{\"\\`, 100_000), 1))
	if got := read(t, body, otlp.JSON); len(got[0].Name) != 300_000 {
		t.Errorf("%d bytes", len(got[0].Name))
	}
}

// TestTooMuch is refused as a whole, before it takes memory.
func TestTooMuch(t *testing.T) {
	limits := otlp.Limits{Items: 3, Each: 100, Values: 60, Depth: 64}
	for name, f := range inForms(t, traces(aSpan(1), aSpan(2), aSpan(3), aSpan(4))) {
		if _, _, err := otlp.Traces(f.Body, f.Form, limits); !errors.Is(err, otlp.ErrTooMuch) {
			t.Errorf("four spans as %s: %v", name, err)
		}
	}
	for name, f := range inForms(t, traces(&tracepb.Span{Attributes: everyKind()}, aSpan(2), aSpan(3))) {
		limits := otlp.Limits{Items: 3, Each: 100, Values: 30, Depth: 64}
		if _, _, err := otlp.Traces(f.Body, f.Form, limits); !errors.Is(err, otlp.ErrTooMuch) {
			t.Errorf("too many values as %s: %v", name, err)
		}
	}
}

// TestABombCostsLittleMemory: bodies of what is small on the wire and large in Go.
func TestABombCostsLittleMemory(t *testing.T) {
	const size = 1 << 20
	wrapped := func(inside []byte, path ...byte) []byte {
		for _, num := range path {
			inside = append(varint([]byte{num<<3 | 2}, len(inside)), inside...)
		}
		return inside
	}
	ids := append(append([]byte{1<<3 | 2, 16}, aSpan(1).TraceId...), append([]byte{2<<3 | 2, 8}, aSpan(1).SpanId...)...)
	many := func(unit string) []byte { return bytes.Repeat([]byte(unit), size/len(unit)) }
	within := func(unit string, path ...byte) []byte {
		return wrapped(append(bytes.Clone(ids), wrapped(many(unit), path...)...), 2, 2, 1)
	}
	for name, body := range map[string][]byte{
		"spans":      wrapped(many("\x12\x00"), 2, 1),
		"scopes":     wrapped(many("\x12\x00"), 1),
		"resources":  many("\x0a\x00"),
		"attributes": wrapped(append(bytes.Clone(ids), many("\x4a\x00")...), 2, 2, 1),
		"short keys": wrapped(append(bytes.Clone(ids), many("\x4a\x03\x0a\x01a")...), 2, 2, 1),
		"events":     wrapped(append(bytes.Clone(ids), many("\x5a\x00")...), 2, 2, 1),
		"named":      wrapped(append(bytes.Clone(ids), many("\x5a\x03\x12\x01a")...), 2, 2, 1),
		"values":     within("\x0a\x00", 1, 5, 2, 9),
		"objects":    within("\x0a\x09\x32\x07\x0a\x05\x0a\x01a\x12\x00", 5, 2, 9),
	} {
		if used := allocated(func() { _, _, _ = otlp.Traces(body, otlp.Protobuf, otlp.StandardLimits()) }); used > 30*size {
			t.Errorf("%s: %d MiB for %d MiB", name, used>>20, size>>20)
		}
	}
	begin, end, _ := strings.Cut(written(writtenSpan), `{"key":"text"`)
	for name, unit := range map[string]string{
		"attributes": `{},`, "short keys": `{"key":"a"},`, "objects": `{"key":"a","value":{"kvlistValue":{"values":[{"key":"a"}]}}},`,
		"lists": `{"key":"a","value":{"arrayValue":{"values":[{},{},{},{},{},{},{},{}]}}},`,
	} {
		body := []byte(begin + string(many(unit)) + `{"key":"text"` + end)
		if used := allocated(func() { _, _, _ = otlp.Traces(body, otlp.JSON, otlp.StandardLimits()) }); used > 30*size {
			t.Errorf("JSON %s: %d MiB for %d MiB", name, used>>20, size>>20)
		}
	}
	if _, _, err := otlp.Traces([]byte(strings.Repeat(`{"resourceSpans":[`, 1<<20)), otlp.JSON, otlp.StandardLimits()); err == nil {
		t.Error("a million brackets are a body")
	}
}

func varint(to []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		to = append(to, byte(n)|0x80)
	}
	return append(to, byte(n))
}

func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
