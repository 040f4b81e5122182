package sentrial

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// scratch is where a record is made, outside every lock, before it is copied into its slab.
type scratch struct{ recordWriter }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// maxPooledScratch keeps one huge event from holding its memory for ever.
const maxPooledScratch = 1 << 20

func newScratch() *scratch { return scratches.Get().(*scratch) }

func (s *scratch) free() {
	if cap(s.buf) > maxPooledScratch {
		return
	}
	s.buf, s.notes, s.uncut = s.buf[:0], s.notes[:0], false
	scratches.Put(s)
}

// snapshot writes e as one record and returns it; it aliases the scratch. Nothing in it refers to the caller's memory any more.
func (s *scratch) snapshot(e *types.Event, flags byte) []byte {
	s.buf, s.notes = s.buf[:0], s.notes[:0]
	s.begin(flags)
	s.text(tagID, e.ID)
	s.text(tagType, string(e.Type))
	s.text(tagSessionID, e.SessionID)
	s.text(tagParentID, e.ParentID)
	s.count(tagSeq, e.Seq)
	s.time(tagTimestamp, e.Timestamp)
	s.duration(tagDuration, e.Duration)
	s.status(e.Status)
	s.text(tagTraceID, e.TraceID)
	s.text(tagSpanID, e.SpanID)
	s.payload(e)
	s.extra(e)
	s.metadata(e.Metadata)
	s.recordWriter.end()
	return s.fit()
}

func (s *scratch) payload(e *types.Event) {
	switch {
	case e.ToolCall != nil:
		s.toolCall(e.ToolCall)
	case e.LLMCall != nil:
		s.llmCall(e.LLMCall)
	case e.Decision != nil:
		s.decision(e.Decision)
	case e.Error != nil:
		s.errorEvent(e.Error)
	case e.Step != nil:
		s.step(e.Step)
	case e.Session != nil:
		s.sessionFields(e.Session)
	case e.Result != nil:
		s.result(e.Result)
	case e.Feedback != nil:
		s.feedback(e.Feedback)
	}
}

func (s *scratch) toolCall(c *types.ToolCall) {
	s.text(tagToolName, c.ToolName)
	s.text(tagCallID, c.CallID)
	s.value(tagToolInput, c.ToolInput)
	s.value(tagToolOutput, c.ToolOutput)
	s.text(tagReasoning, c.Reasoning)
	s.text(tagError, c.Error)
	s.count(tagAttempt, int64(c.Attempt))
	s.cost(c.Cost)
}

func (s *scratch) llmCall(c *types.LLMCall) {
	s.text(tagModel, c.Model)
	s.text(tagRequestModel, c.RequestModel)
	s.text(tagProvider, c.Provider)
	s.text(tagOperation, c.Operation)
	s.text(tagResponseID, c.ResponseID)
	s.text(tagPrompt, c.Prompt)
	s.text(tagResponse, c.Response)
	s.messages(tagMessages, c.Messages)
	s.messages(tagOutputMessages, c.OutputMessages)
	if len(c.ToolDefinitions) > 0 {
		at := s.open(tagToolDefinitions, kindJSON)
		s.buf = jsonenc.Append(s.buf, c.ToolDefinitions)
		s.seal(at)
	}
	s.values(tagParameters, c.Parameters)
	s.text(tagPromptName, c.PromptName)
	s.text(tagPromptVersion, c.PromptVersion)
	s.usage(&c.Usage)
	s.cost(c.Cost)
	s.text(tagFinishReason, c.FinishReason)
	s.count(tagAttempts, int64(c.Attempts))
	s.duration(tagTimeToFirstToken, c.TimeToFirstToken)
	s.text(tagError, c.Error)
}

func (s *scratch) usage(u *types.Usage) {
	s.count(tagPromptTokens, int64(u.PromptTokens))
	s.count(tagCompletionTokens, int64(u.CompletionTokens))
	s.count(tagTokensUsed, int64(u.TotalTokens))
	s.count(tagCachedTokens, int64(u.CachedTokens))
	s.count(tagCacheWriteTokens, int64(u.CacheWriteTokens))
	s.count(tagReasoningTokens, int64(u.ReasoningTokens))
}

func (s *scratch) decision(d *types.Decision) {
	s.text(tagReasoning, d.Reasoning)
	s.strings(tagAlternatives, d.Alternatives)
	s.text(tagChosen, d.Chosen)
	s.number(tagConfidence, d.Confidence)
}

func (s *scratch) errorEvent(e *types.ErrorEvent) {
	s.text(tagErrorType, e.ErrorType)
	s.text(tagErrorMessage, e.ErrorMessage)
	s.text(tagStackTrace, e.StackTrace)
	s.value(tagRecoverable, e.Recoverable)
	s.text(tagRecoveryAction, e.RecoveryAction)
}

func (s *scratch) step(st *types.Step) {
	s.text(tagName, st.Name)
	s.text(tagKind, st.Kind)
	s.value(tagInput, st.Input)
	s.value(tagOutput, st.Output)
	s.text(tagError, st.Error)
}

func (s *scratch) feedback(f *types.Feedback) {
	s.text(tagName, f.Name)
	s.number(tagScore, f.Score)
	s.text(tagLabel, f.Label)
	s.text(tagComment, f.Comment)
	s.text(tagEventID, f.EventID)
	s.text(tagUserID, f.UserID)
}

func (s *scratch) sessionFields(f *types.SessionFields) {
	s.text(tagName, f.Name)
	s.text(tagAgentName, f.AgentName)
	s.text(tagAgentVersion, f.AgentVersion)
	s.text(tagUserID, f.UserID)
	s.text(tagConversationID, f.ConversationID)
	s.text(tagParentSessionID, f.ParentSessionID)
	s.value(tagInput, f.Input)
	s.strings(tagTags, f.Tags)
}

func (s *scratch) result(r *types.SessionResult) {
	s.text(tagSummary, r.Summary)
	s.value(tagOutput, r.Output)
	s.metrics(r.Metrics)
}

// metrics keeps the numbers that JSON has a form for.
func (s *scratch) metrics(m map[string]float64) {
	finite := m
	for name, v := range m {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			s.notes = append(s.notes, note{"omitted_metrics." + name, v})
			finite = nil
		}
	}
	if finite == nil {
		finite = maps.Clone(m)
		maps.DeleteFunc(finite, func(_ string, v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	}
	if len(finite) > 0 {
		s.value(tagMetrics, finite)
	}
}

// status keeps a status of the wire. Another word would cost the whole event at the server, so it becomes unknown and stands in the metadata.
func (s *scratch) status(status types.Status) {
	switch status {
	case "", types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusUnknown, types.StatusRunning:
		s.text(tagStatus, string(status))
	default:
		s.text(tagStatus, string(types.StatusUnknown))
		s.omit(tagStatus, string(status))
	}
}

// maxCost is far above what one call can cost. More, like less than nothing, is a mistake for which a server would refuse the event.
const maxCost = 1_000_000

// cost keeps an amount in USD; nil is unknown.
func (s *scratch) cost(usd *float64) {
	if usd != nil && (*usd < 0 || *usd > maxCost) {
		s.omit(tagCost, *usd)
		return
	}
	s.number(tagCost, usd)
}

// value keeps any value as JSON; nil is absent.
func (s *scratch) value(t tag, v any) {
	if v == nil {
		return
	}
	at := s.open(t, kindJSON)
	s.buf = jsonenc.Append(s.buf, v)
	if bytes.HasPrefix(s.buf[at:], reference) {
		s.buf = append(slices.Insert(s.buf, at, wrapping...), '}')
	}
	s.seal(at)
}

// A value that looks like a reference to content sent before would be waited for in vain, so it is sent inside another object.
var (
	reference = []byte(`{"$ref":"sha256:`)
	wrapping  = []byte(`{"value":`)
)

func (s *scratch) values(t tag, m map[string]any) {
	if len(m) == 0 {
		return
	}
	at := s.open(t, kindJSON)
	s.buf = jsonenc.AppendMap(s.buf, m)
	s.seal(at)
}

func (s *scratch) strings(t tag, list []string) {
	if len(list) > 0 {
		s.value(t, list)
	}
}

// time keeps an instant. One that cannot be when an agent ran, and that servers refuse, is replaced by the time of recording.
func (s *scratch) time(t tag, v time.Time) {
	if year := v.UTC().Year(); year < 1970 || year > 2261 { // what Unix nanoseconds can hold without a sign
		s.omit(t, v.Unix())
		v = time.Now()
	}
	s.fixed(t, kindTime, uint64(v.UnixNano()))
}

// metadata comes last, when it is known what the SDK itself has to say there.
func (s *scratch) metadata(m map[string]any) {
	if len(m) == 0 && len(s.notes) == 0 {
		return
	}
	at := s.open(tagMetadata, kindJSON)
	if len(s.notes) == 0 {
		s.buf = jsonenc.AppendMap(s.buf, m)
	} else {
		s.buf = jsonenc.AppendMap(s.buf, withNotes(m, s.notes))
	}
	s.seal(at)
}

func withNotes(m map[string]any, notes []note) map[string]any {
	all := make(map[string]any, len(m)+len(notes))
	maps.Copy(all, m)
	for _, n := range notes {
		all[n.name] = n.value
	}
	return all
}

// extra keeps fields and whole types that this version does not know (importers and bridges have them).
func (s *scratch) extra(e *types.Event) {
	if e.Raw != nil && !e.Type.Known() {
		s.members(s.rawMembers(e))
	} else if len(e.Extra) > 0 {
		s.members(e.Extra)
	}
}

func (s *scratch) rawMembers(e *types.Event) map[string]json.RawMessage {
	members := make(map[string]json.RawMessage)
	if err := json.Unmarshal(e.Raw, &members); err != nil {
		s.notes = append(s.notes, note{"omitted_raw", err.Error()})
	}
	maps.Copy(members, e.Extra)
	return members
}

func (s *scratch) members(members map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if s.has(name) {
			continue
		}
		at := s.open(tagExtra, kindMember)
		s.buf = append(jsonenc.AppendString(s.buf, name), ':')
		s.buf = jsonenc.Append(s.buf, members[name])
		s.seal(at)
	}
}

// has tells whether the record being written holds a field of that name; metadata, which comes last, counts as held.
func (s *scratch) has(name string) bool {
	if name == tagNames[tagMetadata] {
		return true
	}
	for rest := s.buf[s.start+recordHeader:]; len(rest) > 0; {
		var f field
		f, rest = nextField(rest)
		if f.kind == kindMember {
			return false // these come after all others, once each
		}
		if tagNames[f.tag] == name {
			return true
		}
	}
	return false
}
