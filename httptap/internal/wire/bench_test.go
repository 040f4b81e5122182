package wire_test

import (
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
