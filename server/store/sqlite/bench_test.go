package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// BenchmarkIngest stores events of about 1.5 KB, in batches of two sizes; an operation is one event.
func BenchmarkIngest(b *testing.B) {
	for _, size := range []int{100, 1000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "s.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ReportAllocs()
			text := strings.Repeat("the quick brown fox jumps over the lazy dog ", 30)
			n := 0
			batch := store.Batch{Project: "p", Client: store.Client{ID: "c"}, ReceivedAt: time.Unix(2, 0), Events: make([]store.Event, 0, size)}
			for b.Loop() {
				id := fmt.Sprintf("evt_0198c0de-0000-7000-8000-%012d", n)
				batch.Events = append(batch.Events, store.Event{
					ID: id, Type: types.EventLLMCall, SessionID: fmt.Sprint("sess_", n/50), Seq: int64(n), Timestamp: time.Unix(int64(n), 0), Model: "gpt-5",
					Tokens: store.Tokens{Prompt: 100, Completion: 5}, Raw: fmt.Appendf(nil, `{"id":%q,"n":%d,"prompt":%q}`, id, n*7919, text),
				})
				if n++; len(batch.Events) == size {
					if _, err := s.Ingest(b.Context(), batch); err != nil {
						b.Fatal(err)
					}
					batch.Events = batch.Events[:0]
				}
			}
		})
	}
}
