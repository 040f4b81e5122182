package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// The declarations in this file are the promise to programs that are already written: each assignment compiles only while a name has
// exactly the signature that those programs were compiled against. Adding to the API does not touch this file; a line that no longer
// compiles is a breaking change.

// contractIn and contractOut stand for the type arguments that a user chooses.
type (
	contractIn  struct{ Query string }
	contractOut struct{ Answer string }
)

// The client.
var (
	_ func(...sentrial.Option) (*sentrial.Client, error)                                                              = sentrial.New
	_ func(*sentrial.Client, context.Context, string, ...sentrial.SessionOption) (context.Context, *sentrial.Session) = (*sentrial.Client).CreateSession
	_ func(*sentrial.Client, string) *sentrial.Session                                                                = (*sentrial.Client).Session
	_ func(*sentrial.Client, context.Context, string) (*types.Session, error)                                         = (*sentrial.Client).GetSession
	_ func(*sentrial.Client, context.Context, sentrial.SessionQuery) iter.Seq2[*types.Session, error]                 = (*sentrial.Client).ListSessions
	_ func(*sentrial.Client, context.Context, string) iter.Seq2[*types.Event, error]                                  = (*sentrial.Client).Events
	_ func(*sentrial.Client, context.Context, string, func(context.Context) error, ...sentrial.SessionOption) error   = (*sentrial.Client).Run
	_ func(*sentrial.Client, context.Context, types.Event) string                                                     = (*sentrial.Client).Record
	_ func(*sentrial.Client, context.Context) error                                                                   = (*sentrial.Client).Flush
	_ func(*sentrial.Client, context.Context) error                                                                   = (*sentrial.Client).Close
	_ func(*sentrial.Client) sentrial.Stats                                                                           = (*sentrial.Client).Stats
	_ func(*sentrial.Client, context.Context, sentrial.Carrier) context.Context                                       = (*sentrial.Client).Extract
	_ func(context.Context, sentrial.Carrier)                                                                         = sentrial.Inject
	_ sentrial.Carrier                                                                                                = http.Header{}
	_ sentrial.Carrier                                                                                                = sentrial.MapCarrier(map[string]string{})
	_ sentrial.Carrier                                                                                                = (interface {
		Get(key string) string
		Set(key, value string)
	})(nil)
)

// The session.
var (
	_ func(*sentrial.Session) string                                      = (*sentrial.Session).ID
	_ func(*sentrial.Session, context.Context) context.Context            = (*sentrial.Session).Context
	_ func(*sentrial.Session, context.Context, types.ToolCall) string     = (*sentrial.Session).TrackToolCall
	_ func(*sentrial.Session, context.Context, types.Decision) string     = (*sentrial.Session).TrackDecision
	_ func(*sentrial.Session, context.Context, types.LLMCall) string      = (*sentrial.Session).TrackLLMCall
	_ func(*sentrial.Session, context.Context, types.ErrorEvent) string   = (*sentrial.Session).TrackError
	_ func(*sentrial.Session, context.Context, types.Step) string         = (*sentrial.Session).TrackStep
	_ func(*sentrial.Session, context.Context, types.Feedback) string     = (*sentrial.Session).TrackFeedback
	_ func(*sentrial.Session, context.Context, ...sentrial.SessionOption) = (*sentrial.Session).Update
	_ func(*sentrial.Session, types.SessionResult)                        = (*sentrial.Session).SetResult
	_ func(*sentrial.Session, context.Context, types.SessionResult)       = (*sentrial.Session).Close
	_ func(*sentrial.Session, context.Context, *error)                    = (*sentrial.Session).CloseErr
	_ func(context.Context) *sentrial.Session                             = sentrial.SessionFromContext
)

// The helpers for agent loops.
var (
	_ func(context.Context, string, contractIn, func(context.Context, contractIn) (contractOut, error), ...sentrial.ToolOption) (contractOut, error)      = sentrial.Tool[contractIn, contractOut]
	_ func(string, func(context.Context, contractIn) (contractOut, error), ...sentrial.ToolOption) func(context.Context, contractIn) (contractOut, error) = sentrial.WrapTool[contractIn, contractOut]
	_ func(context.Context, types.LLMCall, func(context.Context, *types.LLMCall) (contractOut, error), ...sentrial.LLMOption) (contractOut, error)        = sentrial.LLM[contractOut]
	_ func(context.Context, string, func(context.Context) error, ...sentrial.StepOption) error                                                            = sentrial.Step
	_ func(context.Context, string, func(context.Context) (contractOut, error), ...sentrial.StepOption) (contractOut, error)                              = sentrial.StepValue[contractOut]
	_ func(context.Context, types.Decision) string                                                                                                        = sentrial.Decide
	_ func(context.Context, error, ...sentrial.ErrorOption) string                                                                                        = sentrial.ReportError
	_ func(context.Context)                                                                                                                               = sentrial.Recover
	_ func(context.Context, types.ToolCall, ...sentrial.ToolOption) (context.Context, *sentrial.ToolSpan)                                                 = sentrial.StartTool
	_ func(context.Context, types.LLMCall, ...sentrial.LLMOption) (context.Context, *sentrial.LLMSpan)                                                    = sentrial.StartLLM
	_ func(context.Context, types.Step, ...sentrial.StepOption) (context.Context, *sentrial.StepSpan)                                                     = sentrial.StartStep
	_ func(*sentrial.ToolSpan) string                                                                                                                     = (*sentrial.ToolSpan).ID
	_ func(*sentrial.ToolSpan, error)                                                                                                                     = (*sentrial.ToolSpan).End
	_ func(*sentrial.LLMSpan) string                                                                                                                      = (*sentrial.LLMSpan).ID
	_ func(*sentrial.LLMSpan)                                                                                                                             = (*sentrial.LLMSpan).FirstToken
	_ func(*sentrial.LLMSpan, error)                                                                                                                      = (*sentrial.LLMSpan).End
	_ func(*sentrial.StepSpan) string                                                                                                                     = (*sentrial.StepSpan).ID
	_ func(*sentrial.StepSpan, error)                                                                                                                     = (*sentrial.StepSpan).End
	_ *types.ToolCall                                                                                                                                     = &(&sentrial.ToolSpan{}).ToolCall
	_ *types.LLMCall                                                                                                                                      = &(&sentrial.LLMSpan{}).LLMCall
	_ *types.Step                                                                                                                                         = &(&sentrial.StepSpan{}).Step
	_ func(string) *string                                                                                                                                = sentrial.Ptr[string]
)

// The options, and which of them serve more than one kind of call.
var (
	_ func(map[string]any) sentrial.AnyOption = sentrial.WithMetadata
	_ func(string) sentrial.SessionOption     = sentrial.WithSessionID
	_ func(string) sentrial.SessionOption     = sentrial.WithUserID
	_ func(string) sentrial.SessionOption     = sentrial.WithAgentName
	_ func(string) sentrial.SessionOption     = sentrial.WithAgentVersion
	_ func(string) sentrial.SessionOption     = sentrial.WithConversationID
	_ func(string) sentrial.SessionOption     = sentrial.WithParentSession
	_ func(any) sentrial.SessionOption        = sentrial.WithInput
	_ func(...string) sentrial.SessionOption  = sentrial.WithTags
	_ func(string) sentrial.ToolOption        = sentrial.WithReasoning
	_ func(string) sentrial.ToolOption        = sentrial.WithCallID
	_ func(float64) interface {
		sentrial.ToolOption
		sentrial.LLMOption
	} = sentrial.WithCost
	_ func(string) sentrial.StepOption  = sentrial.WithKind
	_ func(string) sentrial.ErrorOption = sentrial.Recoverable
	_ func(string) sentrial.ErrorOption = sentrial.WithErrorType

	_ func(string) sentrial.Option                 = sentrial.WithAPIKey
	_ func(string) sentrial.Option                 = sentrial.WithProjectID
	_ func(string) sentrial.Option                 = sentrial.WithAPIURL
	_ func(time.Duration) sentrial.Option          = sentrial.WithTimeout
	_ func(int) sentrial.Option                    = sentrial.WithMaxRetries
	_ func(time.Duration) sentrial.Option          = sentrial.WithFlushInterval
	_ func(int) sentrial.Option                    = sentrial.WithBatchBytes
	_ func(int) sentrial.Option                    = sentrial.WithQueueBytes
	_ func(sentrial.Overflow) sentrial.Option      = sentrial.WithOverflow
	_ func(string) sentrial.Option                 = sentrial.WithSpool
	_ func(time.Duration) sentrial.Option          = sentrial.WithSpoolSync
	_ func(float64) sentrial.Option                = sentrial.WithSampleRate
	_ func(sentrial.Compression) sentrial.Option   = sentrial.WithCompression
	_ func(sentrial.Protocol) sentrial.Option      = sentrial.WithProtocol
	_ func(time.Duration) sentrial.Option          = sentrial.WithCloseTimeout
	_ func(string, string, string) sentrial.Option = sentrial.WithService
	_ func(*http.Client) sentrial.Option           = sentrial.WithHTTPClient
	_ func(*slog.Logger) sentrial.Option           = sentrial.WithLogger
	_ func(func(sentrial.Drop)) sentrial.Option    = sentrial.WithOnDrop
	_ func(sentrial.Redactor) sentrial.Option      = sentrial.WithRedactor
	_ func(sentrial.Hook) sentrial.Option          = sentrial.WithHook
	_ func(sentrial.TokenSource) sentrial.Option   = sentrial.WithTokenSource
	_ func(sentrial.ContentMode) interface {
		sentrial.Option
		sentrial.AnyOption
	} = sentrial.WithContent

	_ interface {
		sentrial.ToolOption
		sentrial.LLMOption
		sentrial.StepOption
		sentrial.ErrorOption
	} = sentrial.EventOption(nil)
	_ sentrial.EventOption = (interface {
		sentrial.ToolOption
		sentrial.LLMOption
		sentrial.StepOption
		sentrial.ErrorOption
	})(nil)
	_ sentrial.AnyOption = (interface {
		sentrial.SessionOption
		sentrial.EventOption
	})(nil)
	_ sentrial.SessionOption = sentrial.AnyOption(nil)
	_ sentrial.EventOption   = sentrial.AnyOption(nil)
)

// What users implement.
var (
	_ sentrial.Redactor  = contractRedactor{}
	_ sentrial.StartHook = contractHook{}
	_ sentrial.EndHook   = contractHook{}
	_ sentrial.Hook      = any(contractHook{})

	_ sentrial.ClientHook = (interface {
		OnClient(c *sentrial.Client)
	})(nil)

	_ sentrial.TokenSource = (interface {
		Token(ctx context.Context) (string, error)
	})(nil)
)

type contractRedactor struct{}

func (contractRedactor) Redact(context.Context, *types.Event) error { return nil }

type contractHook struct{}

func (contractHook) OnStart(ctx context.Context, _ *types.Event) context.Context { return ctx }
func (contractHook) OnEnd(context.Context, *types.Event)                         {}

// The errors.
var (
	_ error                                  = (*sentrial.APIError)(nil)
	_ error                                  = (*sentrial.IncompleteError)(nil)
	_ func(*sentrial.APIError) string        = (*sentrial.APIError).Error
	_ func(*sentrial.IncompleteError) string = (*sentrial.IncompleteError).Error
	_ func(*sentrial.IncompleteError) error  = (*sentrial.IncompleteError).Unwrap
	_                                        = []*error{
		&sentrial.ErrClosed, &sentrial.ErrUnauthorized, &sentrial.ErrForbidden,
		&sentrial.ErrNotFound, &sentrial.ErrRateLimited, &sentrial.ErrUnsupported,
	}
)

// The structs: every field by name, each set from a variable of the field's own type, as an untyped constant would fit other types too.
var _ = func() {
	var (
		text    string
		integer int
		seq     int64
		count   uint64
		number  *float64
		flag    bool
		moment  time.Time
		span    time.Duration
		raw     json.RawMessage
		fields  map[string]any
		metrics map[string]float64
		list    []string
		status  types.Status
		failure error
		drops   map[sentrial.DropReason]uint64
		value   any
	)

	_ = sentrial.Stats{
		Accepted: count, Recovered: count, Delivered: count, Queued: count, InFlight: count, Spooled: count, Duplicates: count,
		Requests: count, Retries: count, QueueBytes: seq, Dropped: drops, Refused: drops, Abandoned: count, Unsessioned: count, LastError: failure,
	}
	_ = sentrial.Drop{Reason: sentrial.DropReason(text), EventID: text, SessionID: text, Type: types.EventType(text), Err: failure}
	_ = sentrial.SessionQuery{Status: status, Agent: text, User: text, Text: text, Since: moment, Until: moment, Limit: integer}
	_ = sentrial.APIError{Status: integer, Code: text, Message: text, RequestID: text, RetryAfter: span}
	_ = sentrial.IncompleteError{Stats: sentrial.Stats{}, Err: failure}

	_ = types.ToolCall{
		ToolName: text, CallID: text, ToolInput: value, ToolOutput: value, Reasoning: text, Status: status, Error: text, Attempt: integer,
		StartTime: moment, Duration: span, Cost: number, Metadata: fields,
	}
	_ = types.Decision{Reasoning: text, Alternatives: list, Chosen: text, Confidence: number, StartTime: moment, Metadata: fields}
	_ = types.LLMCall{
		Model: text, RequestModel: text, Provider: text, Operation: text, ResponseID: text, Prompt: text, Response: text,
		Messages: []types.Message{}, OutputMessages: []types.Message{}, ToolDefinitions: raw, Parameters: fields, PromptName: text, PromptVersion: text,
		Usage: types.Usage{}, Cost: number, FinishReason: text, Attempts: integer, StartTime: moment, Duration: span, TimeToFirstToken: span,
		Status: status, Error: text, Metadata: fields,
	}
	_ = types.Usage{
		PromptTokens: integer, CompletionTokens: integer, TotalTokens: integer,
		CachedTokens: integer, CacheWriteTokens: integer, ReasoningTokens: integer,
	}
	_ = types.ErrorEvent{
		ErrorType: text, ErrorMessage: text, StackTrace: text, Recoverable: flag, RecoveryAction: text, StartTime: moment, Metadata: fields,
	}
	_ = types.Step{
		Name: text, Kind: text, Input: value, Output: value, Status: status, Error: text, StartTime: moment, Duration: span, Metadata: fields,
	}
	_ = types.Feedback{Name: text, Score: number, Label: text, Comment: text, EventID: text, UserID: text, Metadata: fields}
	_ = types.SessionResult{Status: status, Summary: text, Output: value, Metrics: metrics}
	_ = types.Message{Role: text, Name: text, Parts: []types.Part{}, FinishReason: text}
	_ = types.Part{Type: text, Content: text, ID: text, Name: text, Arguments: value, Response: value, Raw: raw}
	_ = types.Session{
		ID: text, Name: text, AgentName: text, AgentVersion: text, UserID: text, ConversationID: text, ParentSessionID: text, ProjectID: text,
		Status: status, Summary: text, Input: value, Output: value, Tags: list, Metrics: metrics, CreatedAt: moment, ClosedAt: &moment,
		Metadata: fields, Events: integer, Errors: integer, Usage: types.Usage{}, Cost: number,
	}
	_ = types.SessionFields{
		Name: text, AgentName: text, AgentVersion: text, UserID: text, ConversationID: text, ParentSessionID: text, Input: value, Tags: list,
	}
	_ = types.Event{
		ID: text, Type: types.EventType(text), SessionID: text, ParentID: text, Seq: seq, Timestamp: moment, Duration: span, Status: status,
		TraceID: text, SpanID: text, Metadata: fields, Session: &types.SessionFields{}, Result: &types.SessionResult{}, ToolCall: &types.ToolCall{},
		Decision: &types.Decision{}, LLMCall: &types.LLMCall{}, Error: &types.ErrorEvent{}, Step: &types.Step{}, Feedback: &types.Feedback{},
		Extra: map[string]json.RawMessage{}, Raw: raw,
	}
}

// The constants are typed, so a conversion is not needed where a program passes them on.
const (
	_ sentrial.Overflow    = sentrial.DropOldest
	_ sentrial.Protocol    = sentrial.ProtocolAuto
	_ sentrial.Compression = sentrial.CompressionAuto
	_ sentrial.ContentMode = sentrial.ContentFull
	_ sentrial.DropReason  = sentrial.DropOverflow
	_ types.Status         = types.StatusSuccess
	_ types.EventType      = types.EventToolCall
)

// TestConstantsKeepTheirValues covers what compiling cannot: values that are stored, sent, or written in somebody's configuration.
func TestConstantsKeepTheirValues(t *testing.T) {
	for name, c := range map[string]struct{ got, want any }{
		"DropOldest":      {int(sentrial.DropOldest), 0},
		"DropNewest":      {int(sentrial.DropNewest), 1},
		"Degrade":         {int(sentrial.Degrade), 2},
		"Block":           {int(sentrial.Block), 3},
		"ProtocolAuto":    {int(sentrial.ProtocolAuto), 0},
		"ProtocolBatch":   {int(sentrial.ProtocolBatch), 1},
		"ProtocolHosted":  {int(sentrial.ProtocolHosted), 2},
		"CompressionAuto": {int(sentrial.CompressionAuto), 0},
		"CompressionNone": {int(sentrial.CompressionNone), 1},
		"CompressionGzip": {int(sentrial.CompressionGzip), 2},
		"CompressionZstd": {int(sentrial.CompressionZstd), 3},
		"ContentFull":     {int(sentrial.ContentFull), 0},
		"ContentHashed":   {int(sentrial.ContentHashed), 1},
		"ContentMetadata": {int(sentrial.ContentMetadata), 2},

		"DropOverflow":     {string(sentrial.DropOverflow), "overflow"},
		"DropTooLarge":     {string(sentrial.DropTooLarge), "too_large"},
		"DropRejected":     {string(sentrial.DropRejected), "rejected"},
		"DropPoison":       {string(sentrial.DropPoison), "poison"},
		"DropUncertain":    {string(sentrial.DropUncertain), "uncertain"},
		"DropInvalid":      {string(sentrial.DropInvalid), "invalid"},
		"DropSampled":      {string(sentrial.DropSampled), "sampled"},
		"DropClosed":       {string(sentrial.DropClosed), "closed"},
		"DropSpoolEvicted": {string(sentrial.DropSpoolEvicted), "spool_evicted"},
		"DropSpoolCorrupt": {string(sentrial.DropSpoolCorrupt), "spool_corrupt"},

		"StatusSuccess":   {string(types.StatusSuccess), "success"},
		"StatusError":     {string(types.StatusError), "error"},
		"StatusCancelled": {string(types.StatusCancelled), "cancelled"},
		"StatusUnknown":   {string(types.StatusUnknown), "unknown"},
		"StatusRunning":   {string(types.StatusRunning), "running"},
		"StatusActive":    {string(types.StatusActive), "active"},
		"StatusAbandoned": {string(types.StatusAbandoned), "abandoned"},

		"EventSessionStart":  {string(types.EventSessionStart), "session_start"},
		"EventSessionUpdate": {string(types.EventSessionUpdate), "session_update"},
		"EventSessionEnd":    {string(types.EventSessionEnd), "session_end"},
		"EventToolCall":      {string(types.EventToolCall), "tool_call"},
		"EventDecision":      {string(types.EventDecision), "decision"},
		"EventLLMCall":       {string(types.EventLLMCall), "llm_call"},
		"EventError":         {string(types.EventError), "error"},
		"EventStep":          {string(types.EventStep), "step"},
		"EventFeedback":      {string(types.EventFeedback), "feedback"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", name, c.got, c.want)
		}
	}
}

// TestEverythingWorksOnNil covers the promise that a program may leave the client out: nothing panics, nothing is recorded.
func TestEverythingWorksOnNil(t *testing.T) {
	ctx := t.Context()
	var client *sentrial.Client
	ctx, session := client.CreateSession(ctx, "none")
	recordsNothing(t, ctx, session)
	if id := client.Record(ctx, types.Event{Type: types.EventStep, Step: &types.Step{Name: "x"}}); id != "" {
		t.Errorf("Record on a nil client = %q, want no id", id)
	}
	ran := false
	if err := client.Run(ctx, "none", func(context.Context) error { ran = true; return nil }); err != nil || !ran {
		t.Errorf("Run on a nil client = %v, ran = %v, want fn to run", err, ran)
	}
	recordsNothing(t, client.Extract(ctx, sentrial.MapCarrier{}), client.Session("sess_x"))
	if err := errors.Join(client.Flush(ctx), client.Close(ctx)); err != nil {
		t.Errorf("Flush and Close on a nil client = %v, want nil", err)
	}
	if stats := client.Stats(); stats.Accepted != 0 {
		t.Errorf("Stats on a nil client = %+v, want nothing accepted", stats)
	}
}

// recordsNothing calls each method of a session that records nothing.
func recordsNothing(t *testing.T, ctx context.Context, session *sentrial.Session) {
	t.Helper()
	for name, id := range map[string]string{
		"TrackToolCall": session.TrackToolCall(ctx, types.ToolCall{ToolName: "x"}),
		"TrackDecision": session.TrackDecision(ctx, types.Decision{Chosen: "x"}),
		"TrackLLMCall":  session.TrackLLMCall(ctx, types.LLMCall{Model: "x"}),
		"TrackError":    session.TrackError(ctx, types.ErrorEvent{ErrorMessage: "x"}),
		"TrackStep":     session.TrackStep(ctx, types.Step{Name: "x"}),
		"TrackFeedback": session.TrackFeedback(ctx, types.Feedback{Name: "x"}),
	} {
		if id != "" {
			t.Errorf("%s = %q, want no id", name, id)
		}
	}
	session.Update(session.Context(ctx), sentrial.WithUserID("x"))
	session.SetResult(types.SessionResult{Status: types.StatusSuccess})
	session.CloseErr(ctx, nil)
	session.Close(ctx, types.SessionResult{})
}
