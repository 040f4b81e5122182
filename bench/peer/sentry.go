package peer

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"

	"github.com/sentrial/sentrial-go/bench/work"
)

func sentryKind() Kind { return Kind{Name: "sentry", Title: "Sentry", Burst: burst, New: newSentry} }

const (
	spansOfTransaction  = 50  // what an agent's answer may have; Sentry cuts off above 1,000
	transactionsOfFlush = 500 // its queue holds 1,000 and drops the oldest
)

// sentryClient records spans in transactions. It keeps the maps that it is given until a transaction is encoded.
type sentryClient struct {
	lossless     bool
	client       *sentry.Client
	ctx          context.Context //nolint:containedctx // what an agent would carry from call to call
	transaction  *sentry.Span
	spans        int
	transactions int
}

func newSentry(c Config) (Peer, error) {
	client, err := sentry.NewClient(sentry.ClientOptions{Dsn: strings.Replace(c.URL, "://", "://key@", 1) + "/1", EnableTracing: true, TracesSampleRate: 1})
	if err != nil {
		return nil, err
	}
	s := &sentryClient{lossless: c.Lossless, client: client, ctx: sentry.SetHubOnContext(context.Background(), sentry.NewHub(client, sentry.NewScope()))}
	s.begin()
	return s, nil
}

func (s *sentryClient) begin() {
	s.transaction, s.spans = sentry.StartTransaction(s.ctx, "answer"), 0
}

func (s *sentryClient) ToolCall(t *work.Tool) {
	span := s.span("gen_ai.execute_tool", t.Duration)
	span.SetData("gen_ai.tool.name", t.Name)
	span.SetData("gen_ai.tool.input", t.Input)
	span.SetData("gen_ai.tool.output", t.Output)
	span.SetData("reasoning", t.Reasoning)
	s.finish(span)
}

func (s *sentryClient) LLMCall(l *work.LLM) {
	span := s.span("gen_ai.chat", l.Duration)
	span.SetData("gen_ai.request.model", l.Model)
	span.SetData("gen_ai.request.messages", l.Prompt)
	span.SetData("gen_ai.response.text", l.Response)
	span.SetData("gen_ai.usage.input_tokens", l.PromptTokens)
	span.SetData("gen_ai.usage.output_tokens", l.CompletionTokens)
	span.SetData("gen_ai.usage.total_tokens", l.TotalTokens)
	span.SetData("cost", l.Cost)
	s.finish(span)
}

func (s *sentryClient) span(operation string, took time.Duration) *sentry.Span {
	span := s.transaction.StartChild(operation)
	span.StartTime = span.StartTime.Add(-took)
	return span
}

func (s *sentryClient) finish(span *sentry.Span) {
	span.Status = sentry.SpanStatusOK
	span.Finish()
	if s.spans++; s.spans == spansOfTransaction {
		s.endTransaction()
		s.begin()
	}
}

// endTransaction hands the spans over. If none may be lost, the queue has to be emptied now and then.
func (s *sentryClient) endTransaction() {
	s.transaction.Finish()
	if s.transactions++; s.lossless && s.transactions%transactionsOfFlush == 0 {
		s.client.Flush(time.Minute)
	}
}

func (s *sentryClient) Close(ctx context.Context) error {
	s.endTransaction()
	flushed := s.client.FlushWithContext(ctx)
	s.client.Close()
	if !flushed {
		return errors.New("the flush did not succeed")
	}
	return nil
}
