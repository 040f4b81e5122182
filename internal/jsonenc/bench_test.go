package jsonenc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// The shapes that a tool call and an LLM call have.
var (
	toolInput = map[string]any{"query": "weather in Lisbon tomorrow", "limit": 10}

	toolOutput = map[string]any{
		"titles": []string{"Lisbon weather", "Ten day forecast", "Climate of Portugal"},
		"scores": []float64{0.98, 0.7512, 0.33},
	}

	text = strings.Repeat("The agent said: \"look again\", and then\nit looked again at the file it had. ", 14)[:1024]
)

// BenchmarkAppend has three ways: values alone, the same place again and again, and the standard library.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name string
		v    any
	}{
		{"tool_in", toolInput},
		{"tool_out", toolOutput},
		{"strings", toolOutput["titles"]},
		{"floats", toolOutput["scores"]},
		{"nested", nestedItems()},
		{"structs", structItems()},
		{"text_1KiB", text},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 1<<16)
			for b.Loop() {
				buf = jsonenc.Append(buf[:0], c.v)
			}
			b.SetBytes(int64(len(buf)))
		})
		b.Run(c.name+"/again", func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 1<<16)
			var e jsonenc.Encoder
			for b.Loop() {
				buf = e.Append(buf[:0], c.v, 1)
			}
			b.SetBytes(int64(len(buf)))
		})
		b.Run(c.name+"/encoding_json", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(c.v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendString(b *testing.B) {
	for _, c := range []struct{ name, s string }{
		{"short", "status"},
		{"plain_1KiB", strings.Repeat("plain words, ", 79)[:1024]},
		{"text_1KiB", text},
		{"cyrillic_1KiB", strings.Repeat("погода ", 78)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.s)))
			buf := make([]byte, 0, 1<<12)
			for b.Loop() {
				buf = jsonenc.AppendString(buf[:0], c.s)
			}
		})
	}
}

func BenchmarkAppendFloat(b *testing.B) {
	for _, c := range []struct {
		name string
		f    float64
	}{{"whole", 17}, {"4_decimals", 0.1234}, {"8_decimals", 1234.00005678}, {"17_digits", 0.12341231312312321}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 64)
			for b.Loop() {
				buf = jsonenc.AppendFloat(buf[:0], c.f)
			}
		})
	}
}

func BenchmarkAppendRaw(b *testing.B) {
	raw := json.RawMessage(jsonenc.Append(nil, nestedItems()))
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	var v any = raw
	buf := make([]byte, 0, 1<<16)
	for b.Loop() {
		buf = jsonenc.Append(buf[:0], v)
	}
}

func nestedItems() []any {
	var items []any
	for i := range 12 {
		items = append(items, map[string]any{
			"id": i, "name": "item", "price": 12.5, "tags": []any{"a", "b"},
			"stock": map[string]any{"lisbon": 3, "porto": 0, "open": true},
			"note":  "a line of words that says something about the item",
		})
	}
	return items
}
