package jsonenc_test

import (
	"encoding/json"
	"math/rand/v2"
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
		{"id", "evt_0198c0de-7a1b-7c3d-9e5f-123456789abc"},
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

// BenchmarkAppendTexts escapes texts that are all different: where their quotes and line ends
// are is not to be learned by heart, as it is when one text comes again and again.
func BenchmarkAppendTexts(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 1024)
	for i := range texts {
		texts[i] = randomText(r, 1<<10)
	}
	b.ReportAllocs()
	b.SetBytes(1 << 10)
	buf := make([]byte, 0, 1<<20)
	for i := 0; b.Loop(); i++ {
		if cap(buf)-len(buf) < 1<<12 {
			buf = buf[:0]
		}
		buf = jsonenc.AppendString(buf, texts[i%len(texts)])
	}
}

// randomText has some 35 characters in a kilobyte that have to be escaped.
func randomText(r *rand.Rand, size int) string {
	var s strings.Builder
	for s.Len() < size {
		word := strings.Repeat("a", 1+r.IntN(9))
		switch r.IntN(40) {
		case 0, 1, 2:
			s.WriteString(`"` + word + `" `)
		case 3, 4, 5, 6:
			s.WriteString(word + "\n")
		default:
			s.WriteString(word + " ")
		}
	}
	return s.String()[:size]
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
