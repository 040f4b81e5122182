package peer

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/bench/work"
	"github.com/sentrial/sentrial-go/types"
)

// variants are the ways in which our client is used. Another option is another line.
var variants = []struct {
	name, title, encoding string
	traced                bool
	options               func(Config) []sentrial.Option
}{
	{name: "sentrial", title: "sentrial", options: with(sentrial.WithCompression(sentrial.CompressionNone))},
	{name: "sentrial-small", title: "sentrial, 8 MiB queue", options: with(sentrial.WithCompression(sentrial.CompressionNone), sentrial.WithQueueBytes(8<<20))},
	{name: "sentrial-spool", title: "sentrial, spool", options: func(c Config) []sentrial.Option {
		return []sentrial.Option{sentrial.WithCompression(sentrial.CompressionNone), sentrial.WithSpool(c.Dir)}
	}},
	{name: "sentrial-span", title: "sentrial, OTel span", traced: true, options: with(sentrial.WithCompression(sentrial.CompressionNone))},
	{name: "sentrial-redactor", title: "sentrial, redactor", options: with(sentrial.WithCompression(sentrial.CompressionNone), sentrial.WithRedactor(keepAll{}))},
	{name: "sentrial-gzip", title: "sentrial gzip", encoding: "gzip", options: with(sentrial.WithCompression(sentrial.CompressionGzip))},
	{name: "sentrial-zstd", title: "sentrial zstd", encoding: "zstd", options: with(sentrial.WithCompression(sentrial.CompressionZstd))},
}

func with(opts ...sentrial.Option) func(Config) []sentrial.Option {
	return func(Config) []sentrial.Option { return opts }
}

func sentrials() (kinds []Kind) {
	for _, v := range variants {
		kinds = append(kinds, Kind{
			Name: v.name, Title: v.title, Ours: true, Snapshot: true, Burst: burst, Encoding: v.encoding,
			New: func(c Config) (Peer, error) { return newSentrial(c, v.traced, v.options(c)) },
		})
	}
	return kinds
}

// Sentrial is our client inside a step of a session, so that events have a parent, and a trace if one is wanted.
type Sentrial struct {
	Client  *sentrial.Client
	ctx     context.Context //nolint:containedctx // what an agent would carry from call to call
	session *sentrial.Session
	step    *sentrial.StepSpan
}

func newSentrial(c Config, traced bool, opts []sentrial.Option) (*Sentrial, error) {
	own := []sentrial.Option{sentrial.WithAPIURL(c.URL), sentrial.WithLogger(slog.New(slog.DiscardHandler))}
	if c.Lossless {
		own = append(own, sentrial.WithOverflow(sentrial.Block))
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		return nil, err
	}
	s := &Sentrial{Client: client, ctx: context.Background()}
	if traced {
		s.ctx = trace.ContextWithSpanContext(s.ctx, trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{1, 2}, SpanID: trace.SpanID{3, 4}, TraceFlags: trace.FlagsSampled,
		}))
	}
	s.ctx, s.session = client.CreateSession(s.ctx, "bench")
	s.ctx, s.step = sentrial.StartStep(s.ctx, types.Step{Name: "answer"})
	return s, nil
}

// ToolCall records a tool call.
func (s *Sentrial) ToolCall(t *work.Tool) {
	s.session.TrackToolCall(s.ctx, types.ToolCall{ToolName: t.Name, ToolInput: t.Input, ToolOutput: t.Output, Reasoning: t.Reasoning, Status: types.StatusSuccess, Duration: t.Duration})
}

// LLMCall records an LLM call.
func (s *Sentrial) LLMCall(l *work.LLM) {
	s.session.TrackLLMCall(s.ctx, types.LLMCall{
		Model: l.Model, Prompt: l.Prompt, Response: l.Response, Status: types.StatusSuccess, Duration: l.Duration, Cost: &l.Cost,
		Usage: types.Usage{PromptTokens: l.PromptTokens, CompletionTokens: l.CompletionTokens, TotalTokens: l.TotalTokens},
	})
}

// Close ends the session and delivers.
func (s *Sentrial) Close(ctx context.Context) error {
	s.step.End(nil)
	s.session.Close(ctx, types.SessionResult{})
	return s.Client.Close(ctx)
}

// Lost is what the client says that it has lost, of tool and LLM calls and of what frames them.
func (s *Sentrial) Lost() (n uint64) {
	stats := s.Client.Stats()
	for _, count := range stats.Dropped {
		n += count
	}
	for _, count := range stats.Refused {
		n += count
	}
	return n
}

// keepAll is a redactor with nothing to take out: what it costs is that it is shown everything.
type keepAll struct{}

func (keepAll) Redact(context.Context, *types.Event) error { return nil }
