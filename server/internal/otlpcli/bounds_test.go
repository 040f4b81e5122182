package otlp_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"

	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"

	otlp "github.com/sentrial/sentrial-go/server/internal/otlpcli"
)

func resourceOf() *resourcepb.Resource { return &resourcepb.Resource{Attributes: resource} }

// TestValuesNestSixtyFourDeep and no deeper: what holds more is left out and counted, the rest of the span stays.
func TestValuesNestSixtyFourDeep(t *testing.T) {
	for depth, left := range map[int]int{64: 0, 65: 1, 3000: 1} {
		s := spanProto()
		v := text("x")
		for range depth {
			v = list(v)
		}
		s.Attributes = []*commonpb.KeyValue{pair("before", text("b")), pair("deep", v), pair("after", text("a"))}
		deep := strings.Repeat(`{"arrayValue":{"values":[`, depth) + `{"stringValue":"x"}` + strings.Repeat("]}}", depth)
		before, after, _ := strings.Cut(jsonSpan, `{"stringValue":"h\u00e9llo \"x\"\n"}`)
		for media, body := range map[string][]byte{otlp.MediaProtobuf: traces(t, s), otlp.MediaJSON: jsonTraces(before + deep + after)} {
			got := read(t, body, media)
			if got[0].Dropped != 9+left || got[0].Name != "chat m" || len(got[0].Events) != 1 {
				t.Errorf("%s, %d deep: %d dropped, %+v", media, depth, got[0].Dropped, got[0])
			}
		}
	}
}

// TestABombCostsLittleMemory: bodies of what is small on the wire and large in Go.
func TestABombCostsLittleMemory(t *testing.T) {
	const size = 2 << 20
	wrapped := func(inside []byte, path ...byte) []byte {
		for _, num := range path {
			inside = append(varint([]byte{num<<3 | 2}, len(inside)), inside...)
		}
		return inside
	}
	ids := append(append([]byte{1<<3 | 2, 16}, unhex(trace)...), append([]byte{2<<3 | 2, 8}, unhex(span)...)...)
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
		if used := allocated(func() { _, _, _ = otlp.Traces(body, otlp.MediaProtobuf) }); used > 30*size {
			t.Errorf("%s: %d MiB for %d MiB", name, used>>20, size>>20)
		}
	}
	begin, end, _ := strings.Cut(string(jsonTraces(jsonSpan)), `{"key":"text"`)
	for name, unit := range map[string]string{
		"attributes": `{},`, "short keys": `{"key":"a"},`, "objects": `{"key":"a","value":{"kvlistValue":{"values":[{"key":"a"}]}}},`,
		"lists": `{"key":"a","value":{"arrayValue":{"values":[{},{},{},{},{},{},{},{}]}}},`,
	} {
		body := []byte(begin + string(many(unit)) + `{"key":"text"` + end)
		if used := allocated(func() { _, _, _ = otlp.Traces(body, otlp.MediaJSON) }); used > 30*size {
			t.Errorf("JSON %s: %d MiB for %d MiB", name, used>>20, size>>20)
		}
	}
	if _, _, err := otlp.Traces([]byte(strings.Repeat(`{"resourceSpans":[`, 1<<20)), otlp.MediaJSON); err == nil {
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

// TestTooManyListsAreLeftOut, and the attributes that held them are counted.
func TestTooManyListsAreLeftOut(t *testing.T) {
	s := spanProto()
	s.Attributes = nil
	for i := range 200_000 {
		s.Attributes = append(s.Attributes, pair(fmt.Sprint(i), list()))
	}
	got := read(t, traces(t, s), otlp.MediaProtobuf)
	if kept, left := len(got[0].Attributes), got[0].Dropped-9; kept+left != 200_000 || left == 0 || kept < 65_536 {
		t.Errorf("%d kept, %d left out", kept, left)
	}
}

func BenchmarkTraces(b *testing.B) {
	for media, body := range map[string][]byte{otlp.MediaProtobuf: traces(b, spanProto(), spanProto(), spanProto()), otlp.MediaJSON: jsonTraces(jsonSpan, jsonSpan, jsonSpan)} {
		b.Run(media, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := otlp.Traces(body, media); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
