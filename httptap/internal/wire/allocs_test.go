package wire_test

import (
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// What a stream costs is its words: the events around them need no memory.
func TestDeltasNeedNoMemory(t *testing.T) {
	const events = 500
	for url, c := range deltas {
		w := find(t, url)
		var stream [][]byte
		for i := range events {
			stream = append(stream, fmt.Appendf(nil, c[1], i))
		}
		for _, pieces := range [][][]byte{stream, inPieces(stream, 512)} {
			allocs := testing.AllocsPerRun(5, func() {
				a := w.Answer(200, c[0], limit)
				for _, p := range pieces {
					_, _ = a.Write(p)
				}
				_ = a.Finish(&types.LLMCall{})
			})
			if allocs > events/5 {
				t.Errorf("%s: %v allocations for %d events in %d pieces", w.Name(), allocs, events, len(pieces))
			}
		}
	}
}
