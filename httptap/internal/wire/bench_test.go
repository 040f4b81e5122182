package wire_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// BenchmarkAnswer reads replies in pieces of 512 bytes. MB/s and B/op are per reply; divide by its size for those of a KB.
func BenchmarkAnswer(b *testing.B) {
	for _, c := range recordedCalls(b) {
		for _, r := range c.replies {
			b.Run(c.name+"/"+r.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(r.body)))
				for b.Loop() {
					a := c.wire.Answer(200, r.contentType, limit)
					for body := r.body; len(body) > 0; {
						n := min(len(body), 512)
						_, _ = a.Write(body[:n])
						body = body[n:]
					}
					call := types.LLMCall{}
					_ = a.Finish(&call)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(r.body))*1024, "ns/KB")
			})
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	for _, c := range recordedCalls(b) {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.request)))
			for b.Loop() {
				c.wire.Request(c.url, c.request, true)
			}
		})
	}
}

// deltas are streams that say one word an event, as most do.
var deltas = map[string][2]string{
	chat: {"text/event-stream", `data: {"id":"chatcmpl-A1","object":"chat.completion.chunk","created":1730000000,"model":"gpt-4o-mini-2024-07-18","service_tier":"default",` +
		`"system_fingerprint":"fp_0ba0d124f1","choices":[{"index":0,"delta":{"content":" word%d"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"a1B2c3"}` + "\n\n"},
	responses: {"text/event-stream", "event: response.output_text.delta\n" + `data: {"type":"response.output_text.delta","sequence_number":%[1]d,"item_id":"msg_68af4030","output_index":0,` +
		`"content_index":0,"delta":" word%[1]d","logprobs":[],"obfuscation":"a1B2c3"}` + "\n\n"},
	messages: {"text/event-stream", "event: content_block_delta\n" + `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word%d"}}` + "\n\n"},
	gemini: {"text/event-stream", `data: {"candidates": [{"content": {"parts": [{"text": " word%d"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 8,` +
		`"candidatesTokenCount": 3,"totalTokenCount": 11},"modelVersion": "gemini-2.5-flash","responseId": "mAeaaL1"}` + "\r\n\r\n"},
	ollama: {"application/x-ndjson", `{"model":"llama3.2","created_at":"2024-11-01T10:00:00.123456Z","message":{"role":"assistant","content":" word%d"},"done":false}` + "\n"},
}

// BenchmarkDelta reads streams in which each event comes by itself, and those of a fast line in pieces of 4 KiB and 512 bytes that events go across.
func BenchmarkDelta(b *testing.B) {
	for url, c := range deltas {
		w := find(b, url)
		var events [][]byte
		for i := range 500 {
			events = append(events, fmt.Appendf(nil, c[1], i))
		}
		for name, pieces := range map[string][][]byte{"event": events, "4096": inPieces(events, 4096), "512": inPieces(events, 512)} {
			b.Run(w.Name()+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					a := w.Answer(200, c[0], limit)
					for _, p := range pieces {
						_, _ = a.Write(p)
					}
					_ = a.Finish(&types.LLMCall{})
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(events)), "ns/event")
			})
		}
	}
}

func inPieces(events [][]byte, size int) (pieces [][]byte) {
	for rest := bytes.Join(events, nil); len(rest) > 0; {
		n := min(len(rest), size)
		pieces, rest = append(pieces, rest[:n]), rest[n:]
	}
	return pieces
}
