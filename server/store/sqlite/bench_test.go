package sqlite_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
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
			texts := benchTexts()
			batch := store.Batch{Project: "p", Client: store.Client{ID: "c"}, ReceivedAt: time.Unix(2, 0), Events: make([]store.Event, 0, size)}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				batch.Events = append(batch.Events, benchEvent(n, texts[n%len(texts)]))
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

// benchTexts are events' texts, of words in changing order.
func benchTexts() []json.RawMessage {
	words := strings.Fields(`the order was placed on monday and the customer asks for a refund because parcel arrived broken please check policy 14 days
		warehouse invoice number total amount shipping address country agent tool search result found nothing retry later confirm email sent`)
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([]json.RawMessage, 512)
	for i := range texts {
		var text strings.Builder
		for text.Len() < 1300 {
			text.WriteString(words[random.IntN(len(words))] + " ")
		}
		texts[i] = fmt.Appendf(nil, `{"id":"evt_0198c0de-0000-7000-8000-%012d","type":"llm_call","prompt":%q}`, random.IntN(1e9), text.String())
	}
	return texts
}

func benchEvent(n int, text json.RawMessage) store.Event {
	e := store.Event{
		ID: fmt.Sprintf("evt_0198c0de-0000-7000-8000-%012d", n), Type: types.EventToolCall, SessionID: fmt.Sprint("sess_", n/50), Seq: int64(n),
		Timestamp: time.Unix(int64(n), 0), ToolName: "search", Raw: text,
	}
	if n%3 == 0 {
		e.Type, e.ToolName, e.Model, e.Tokens = types.EventLLMCall, "", "gpt-5", store.Tokens{Prompt: 100, Completion: 5}
	}
	return e
}
