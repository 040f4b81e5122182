package sentrial_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// The workload: tool calls with an input map of a string and an int, an output map of three strings and three floats, and 40 bytes of reasoning; LLM calls with
// prompt and response of 1 KiB, token counts and a cost. There are 1,024 different ones of each, of words as uneven as a language's, so that compression and
// caches are not flattered.
type workload struct {
	tools []types.ToolCall
	llms  []types.LLMCall
}

const workloadSize = 1024

func newWorkload() *workload {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.2, 4, 4000)
	words := func(size int) string {
		var b strings.Builder
		for b.Len() < size {
			fmt.Fprintf(&b, "w%x", zipf.Uint64()*2654435761%0xfffff)
			switch b.Len() % 41 {
			case 0, 1:
				b.WriteByte('\n')
			case 2:
				b.WriteString(` "quoted" `)
			default:
				b.WriteByte(' ')
			}
		}
		return b.String()[:size]
	}
	w := new(workload)
	for range workloadSize {
		cost := float64(r.IntN(10_000)) / 1e6
		w.tools = append(w.tools, types.ToolCall{
			ToolName: "search_" + words(8), ToolInput: map[string]any{"query": words(30), "limit": r.IntN(100)},
			ToolOutput: map[string]any{"titles": []string{words(20), words(25), words(15)}, "scores": []float64{score(r), score(r), score(r)}},
			Reasoning:  words(40), Status: types.StatusSuccess, Duration: time.Duration(r.Int64N(1e9)),
		})
		w.llms = append(w.llms, types.LLMCall{
			Model: "gpt-4o-mini", Prompt: words(1 << 10), Response: words(1 << 10), Status: types.StatusSuccess, Duration: time.Duration(r.Int64N(1e10)),
			Usage: types.Usage{PromptTokens: r.IntN(1000), CompletionTokens: r.IntN(1000), TotalTokens: r.IntN(2000)}, Cost: &cost,
		})
	}
	return w
}

func score(r *rand.Rand) float64 { return float64(r.IntN(10_000)) / 10_000 }

// sink takes everything and looks at as little as possible.
type sink struct{ body bytes.Buffer }

func (s *sink) RoundTrip(r *http.Request) (*http.Response, error) {
	s.body.Reset()
	_, err := s.body.ReadFrom(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0}`, bytes.Count(s.body.Bytes(), []byte(`"session_id":"`)))), nil
}

func benchClient(b *testing.B, opts ...sentrial.Option) *sentrial.Client {
	own := []sentrial.Option{
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: new(sink)}), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
		sentrial.WithOverflow(sentrial.Block),
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := client.Close(context.Background()); err != nil {
			b.Error(err)
		}
		if s := client.Stats(); s.Delivered != s.Accepted || len(s.Refused) > 0 {
			b.Errorf("got %+v", s)
		}
	})
	return client
}

type keepAll struct{}

func (keepAll) Redact(context.Context, *types.Event) error { return nil }

type seesAll struct{}

func (seesAll) OnEnd(context.Context, *types.Event) {}

func spanContext(ctx context.Context) context.Context {
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1, 2}, SpanID: trace.SpanID{3, 4}, TraceFlags: trace.FlagsSampled}))
}

// variants are the ways in which a client is used.
var variants = []struct {
	name string
	opts []sentrial.Option
	ctx  func(context.Context) context.Context
}{
	{"plain", nil, func(ctx context.Context) context.Context { return ctx }},
	{"otel", nil, spanContext},
	{"redactor", []sentrial.Option{sentrial.WithRedactor(keepAll{})}, func(ctx context.Context) context.Context { return ctx }},
	{"hook", []sentrial.Option{sentrial.WithHook(seesAll{})}, func(ctx context.Context) context.Context { return ctx }},
}

func benchmarkTrack(b *testing.B, track func(context.Context, *sentrial.Session, *workload, int)) {
	w := newWorkload()
	for _, v := range variants {
		b.Run(v.name, func(b *testing.B) {
			ctx, session := benchClient(b, v.opts...).CreateSession(v.ctx(b.Context()), "bench")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				track(ctx, session, w, i)
			}
		})
	}
}

func trackTool(ctx context.Context, s *sentrial.Session, w *workload, i int) {
	s.TrackToolCall(ctx, w.tools[i%workloadSize])
}

func trackLLM(ctx context.Context, s *sentrial.Session, w *workload, i int) {
	s.TrackLLMCall(ctx, w.llms[i%workloadSize])
}

// trackPriced is for the same calls without a cost, which is estimated.
func trackPriced(ctx context.Context, s *sentrial.Session, w *workload, i int) {
	call := w.llms[i%workloadSize]
	call.Cost, call.Usage = nil, types.Usage{PromptTokens: 1234, CompletionTokens: 56}
	s.TrackLLMCall(ctx, call)
}

func trackMixed(ctx context.Context, s *sentrial.Session, w *workload, i int) {
	if i%2 == 0 {
		trackTool(ctx, s, w, i/2)
	} else {
		trackLLM(ctx, s, w, i/2)
	}
}

func BenchmarkTrackToolCall(b *testing.B) { benchmarkTrack(b, trackTool) }
func BenchmarkTrackLLMCall(b *testing.B)  { benchmarkTrack(b, trackLLM) }
func BenchmarkTrackPriced(b *testing.B)   { benchmarkTrack(b, trackPriced) }
func BenchmarkTrackMixed(b *testing.B)    { benchmarkTrack(b, trackMixed) }

// BenchmarkTrackInOutage is the caller's work alone, with a full queue whose oldest events give way.
func BenchmarkTrackInOutage(b *testing.B) {
	w := newWorkload()
	client, err := sentrial.New(
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errNetwork })}),
		sentrial.WithLogger(slog.New(slog.DiscardHandler)), sentrial.WithQueueBytes(8<<20),
	)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		ctx, session := client.CreateSession(b.Context(), "bench")
		for i := 0; p.Next(); i++ {
			trackMixed(ctx, session, w, i)
		}
	})
	b.StopTimer()
	expired, cancel := context.WithCancel(b.Context())
	cancel()
	if client.Close(expired) == nil {
		b.Error("events were delivered to nobody")
	}
}

// BenchmarkTrackParallel has a caller on each processor; it includes waiting for the sender, where that cannot keep up.
func BenchmarkTrackParallel(b *testing.B) {
	w := newWorkload()
	client := benchClient(b)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		ctx, session := client.CreateSession(b.Context(), "bench")
		for i := 0; p.Next(); i++ {
			trackMixed(ctx, session, w, i)
		}
	})
}

func BenchmarkToolHelper(b *testing.B) {
	w := newWorkload()
	ctx, _ := benchClient(b).CreateSession(b.Context(), "bench")
	search := sentrial.WrapTool("search", func(_ context.Context, in map[string]any) (map[string]any, error) { return in, nil })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := search(ctx, w.tools[i%workloadSize].ToolInput.(map[string]any)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMakeRecord is the snapshot alone, of an event that has its identity.
func BenchmarkMakeRecord(b *testing.B) {
	w := newWorkload()
	for name, e := range map[string]types.Event{"tool": {ToolCall: &w.tools[0]}, "llm": {LLMCall: &w.llms[0]}, "step": {Step: &types.Step{Name: "plan", Input: "question"}}} {
		b.Run(name, func(b *testing.B) {
			if err := e.Complete(); err != nil {
				b.Fatal(err)
			}
			e.ID, e.SessionID, e.ParentID, e.Seq, e.Timestamp = "evt_0198", "sess_0198", "evt_0197", 1, noon
			b.ReportAllocs()
			for b.Loop() {
				b.SetBytes(int64(sentrial.MakeRecord(&e)))
			}
		})
	}
}

// mixedRecords are the records of a full batch.
func mixedRecords() (records [][]byte) {
	w := newWorkload()
	for i := range 200 {
		tool, llm := w.tools[i], w.llms[i]
		for _, e := range []types.Event{{ToolCall: &tool}, {LLMCall: &llm}} {
			if err := e.Complete(); err != nil {
				panic(err)
			}
			e.ID, e.SessionID, e.Seq, e.Timestamp = fmt.Sprintf("evt_%032d", i), "sess_0198", int64(i), noon.Add(time.Duration(i))
			records = append(records, sentrial.EventRecord(&e))
		}
	}
	return records
}

// BenchmarkAppendBody is the sender's work but for compression; the other figure is per event.
func BenchmarkAppendBody(b *testing.B) {
	body, records := sentrial.NewBodyMaker(sentrial.CompressionNone), mixedRecords()
	json := body.JSON(nil, records)
	b.SetBytes(int64(len(json)))
	b.ReportAllocs()
	for b.Loop() {
		json = body.JSON(json[:0], records)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(records)), "ns/event")
}

// BenchmarkPack is all of the sender's work on a body.
func BenchmarkPack(b *testing.B) {
	records := mixedRecords()
	for _, c := range []struct {
		name string
		mode sentrial.Compression
	}{{"none", sentrial.CompressionNone}, {"gzip", sentrial.CompressionGzip}, {"zstd", sentrial.CompressionZstd}} {
		b.Run(c.name, func(b *testing.B) {
			body := sentrial.NewBodyMaker(c.mode)
			b.SetBytes(int64(len(body.JSON(nil, records))))
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				var err error
				if size, err = body.PackedSize(records); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(records)), "ns/event")
			b.ReportMetric(float64(size)/float64(len(records)), "B/event")
		})
	}
}
