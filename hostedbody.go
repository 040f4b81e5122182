package sentrial

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// Bodies of the hosted wire: one resource each, camelCase. docs/hosted-wire.md has the names of what rides in the metadata.

// call is a request of the hosted wire without its headers.
type call struct {
	method string
	path   []string // below the API's URL
	body   []byte
}

var (
	hostedSessionsPath = []string{"api", "sdk", "sessions"}
	hostedEventsPath   = []string{"api", "sdk", "events"}
)

const (
	hostedUnnamed   = "session"   // the name of a session that has none: the wire wants one
	hostedAnonymous = "anonymous" // the user of a session that has none
)

// createCall creates a session: that of a session_start, or of one that began elsewhere.
func (s *hostedSession) createCall(c *config, start []byte) call {
	if start == nil {
		start = recordOf(0, nil)
	}
	w := newHostedWriter(start)
	name, agent, user := s.names(w)
	w.open()
	w.text("name", name)
	w.text("agentName", agent)
	w.text("userId", user)
	if s.plain > inFull {
		w.discard()
	}
	w.metadata(ridesWithStart, func(m *hostedMetadata) {
		m.text("session_id", s.local)
		if s.plain > inFull {
			return
		}
		m.identity()
		m.text("service", c.service)
		m.text("environment", c.environment)
		m.text("release", c.release)
	})
	w.close()
	return call{http.MethodPost, hostedSessionsPath, w.buf}
}

// names are the three that the wire insists on.
func (s *hostedSession) names(w *hostedWriter) (name, agent, user string) {
	if s.plain == standInNames {
		return hostedUnnamed, hostedUnnamed, hostedAnonymous
	}
	name, agent, user = s.name, s.agent, s.user
	for _, f := range []struct {
		to *string
		t  tag
	}{{&name, tagName}, {&agent, tagAgentName}, {&user, tagUserID}} {
		if field, ok := w.take(f.t); ok {
			*f.to = string(field.data)
		}
	}
	switch {
	case name == "" && agent == "":
		name, agent = hostedUnnamed, hostedUnnamed
	case name == "":
		name = agent
	case agent == "":
		agent = name
	}
	if user == "" {
		user = hostedAnonymous
	}
	return name, agent, user
}

// discard forgets every field that is left.
func (w *hostedWriter) discard() { w.left, w.extras = [tagExtra]bool{}, nil }

// identity names the event by our id. Session and type are said elsewhere.
func (m *hostedMetadata) identity() {
	m.field("event_id", tagID)
	m.w.take(tagType)
	m.w.take(tagSessionID)
}

// endCall ends a session.
func (s *hostedSession) endCall(record []byte) call {
	w := newHostedWriter(record)
	status, summary := types.Status(w.textOf(tagStatus)), w.textOf(tagSummary)
	w.open()
	if status == types.StatusSuccess {
		w.take(tagStatus)
		w.text("status", "completed")
		w.raw("success", "true")
	} else {
		w.text("status", "failed")
		w.raw("success", "false")
		if status == types.StatusError {
			w.take(tagStatus)
		}
		if reason := cmp.Or(summary, s.failure); reason != "" {
			w.text("failureReason", reason)
		}
	}
	s.totals.write(w)
	if end := timeField(record, tagTimestamp); !s.began.IsZero() && end.After(s.began) {
		w.number("durationMs", end.Sub(s.began).Milliseconds())
	}
	w.field("customMetrics", tagMetrics)
	if s.input != "" && !s.bareEnd && len(s.input)+len(record) < maxEventBytes/2 { // its creation has told the input
		w.text("userInput", s.input)
	}
	w.output()
	if s.bareEnd {
		w.discard()
	} else {
		w.metadata(ridesWithEnd, func(m *hostedMetadata) {
			m.identity()
			if status == "" {
				m.text("status", string(types.StatusUnknown))
			}
		})
	}
	w.close()
	return call{http.MethodPatch, append(slices.Clip(hostedSessionsPath), s.target()), w.buf}
}

// output is a text on this wire. A value that is none rides in the metadata too, as it is.
func (w *hostedWriter) output() {
	if f := w.fields[tagOutput]; w.has(tagOutput) {
		w.text("assistantOutput", plainText(f))
		w.left[tagOutput] = !isString(f)
	}
}

func isString(f field) bool { return f.kind == kindJSON && len(f.data) > 0 && f.data[0] == '"' }

func (t *hostedTotals) write(w *hostedWriter) {
	if t.costed {
		w.raw("estimatedCost", strconv.FormatFloat(float64(t.nanoUSD)/1e9, 'f', -1, 64))
	}
	w.count("promptTokens", t.prompt)
	w.count("completionTokens", t.completion)
	w.count("totalTokens", t.total)
}

// inputOf is the input of a session as the text that its end repeats, "" if it has none.
func inputOf(start []byte) string {
	for _, f := range fieldsOf(start) {
		if f.tag == tagInput {
			return plainText(f)
		}
	}
	return ""
}

// plainText is a value where the wire wants a text: a string as it is, all else as JSON.
func plainText(f field) string {
	var unquoted string
	if isString(f) && json.Unmarshal(f.data, &unquoted) == nil {
		return unquoted
	}
	return string(f.data)
}

// tryCall changes nothing of a session.
func (s *hostedSession) tryCall() call {
	return call{http.MethodPatch, append(slices.Clip(hostedSessionsPath), s.target()), []byte("{}")}
}

// eventCall records an event.
func (s *hostedSession) eventCall(record []byte) call {
	w := newHostedWriter(record)
	kind := types.EventType(w.textOf(tagType))
	write := hostedEvents[kind]
	if write == nil {
		write = (*hostedWriter).stateOf
	}
	w.open()
	w.text("sessionId", s.target())
	write(w)
	w.field("traceId", tagTraceID)
	w.field("spanId", tagSpanID)
	w.metadata(append(slices.Clip(ridesAlways), ridesWith[kind]...), func(m *hostedMetadata) {
		m.identity()
		if hostedEvents[kind] == nil {
			m.text("event_type", string(kind))
		}
	})
	w.close()
	return call{http.MethodPost, hostedEventsPath, w.buf}
}

// hostedEvents write what is special about a type. What they leave rides in the metadata.
var hostedEvents = map[types.EventType]func(*hostedWriter){
	types.EventToolCall: (*hostedWriter).toolCall,
	types.EventLLMCall:  (*hostedWriter).llmCall,
	types.EventDecision: (*hostedWriter).decision,
	types.EventError:    (*hostedWriter).errorEvent,
	types.EventStep:     (*hostedWriter).step,
}

func (w *hostedWriter) toolCall() {
	w.text("eventType", "tool_call")
	w.field("toolName", tagToolName)
	w.object("toolInput", tagToolInput)
	w.object("toolOutput", tagToolOutput)
	w.failure()
	w.field("reasoning", tagReasoning)
	w.field("estimatedCost", tagCost)
}

// failure writes the error of a call or step. A status that follows from it, or from its absence, needs no words.
func (w *hostedWriter) failure() {
	implied := types.StatusSuccess
	if w.has(tagError) {
		implied = types.StatusError
		w.name("toolError")
		w.open()
		w.field("message", tagError)
		w.close()
	}
	if w.textOf(tagStatus) == string(implied) {
		w.take(tagStatus)
	}
}

// llmCall travels as a call of the tool llm:PROVIDER:MODEL.
func (w *hostedWriter) llmCall() {
	provider := strings.ReplaceAll(w.textOf(tagProvider), ":", "_") // the first colon ends it
	w.text("eventType", "tool_call")
	w.text("toolName", "llm:"+provider+":"+w.textOf(tagModel))
	w.name("toolInput")
	w.open()
	w.messages()
	w.field("model", tagModel)
	w.field("provider", tagProvider)
	w.close()
	w.name("toolOutput")
	w.llmOutput()
	w.failure()
}

// messages are those of the call, or its prompt as the only one.
func (w *hostedWriter) messages() {
	if w.field("messages", tagMessages) {
		return
	}
	if f, ok := w.take(tagPrompt); ok {
		w.name("messages")
		w.buf = append(w.buf, `[{"role":"user","content":`...)
		w.buf = append(appendData(w.buf, f), "}]"...)
	}
}

func (w *hostedWriter) llmOutput() {
	cost := w.fields[tagCost]
	w.open()
	w.field("content", tagResponse)
	if w.has(tagPromptTokens) || w.has(tagCompletionTokens) || w.has(tagTokensUsed) {
		w.name("tokens")
		w.open()
		w.field("prompt", tagPromptTokens)
		w.field("completion", tagCompletionTokens)
		w.field("total", tagTokensUsed)
		w.close()
	}
	costed := w.field("cost_usd", tagCost)
	w.close()
	if costed {
		w.name("estimatedCost")
		w.buf = appendData(w.buf, cost)
	}
	w.tokenCount()
}

// tokenCount repeats how many tokens the call took in all.
func (w *hostedWriter) tokenCount() {
	total := w.intOf(tagTokensUsed)
	if total == 0 {
		total = w.intOf(tagPromptTokens) + w.intOf(tagCompletionTokens)
	}
	w.count("tokenCount", total)
}

func (w *hostedWriter) intOf(t tag) int64 {
	if data := w.fields[t].data; data != nil {
		return int64(binary.LittleEndian.Uint64(data))
	}
	return 0
}

func (w *hostedWriter) decision() {
	w.text("eventType", "llm_decision")
	w.field("reasoning", tagReasoning)
	w.field("alternativesConsidered", tagAlternatives)
	w.field("confidence", tagConfidence)
}

func (w *hostedWriter) errorEvent() {
	w.text("eventType", "error")
	w.name("toolError")
	w.open()
	w.field("message", tagErrorMessage)
	w.field("type", tagErrorType)
	w.field("stack_trace", tagStackTrace)
	w.close()
}

func (w *hostedWriter) step() {
	w.text("eventType", "state_change")
	w.object("stateBefore", tagInput)
	w.object("stateAfter", tagOutput)
	w.failure()
}

// envelopeTags are the fields of every type.
var envelopeTags = []tag{
	tagID, tagType, tagSessionID, tagParentID, tagSeq, tagTimestamp, tagDuration, tagStatus, tagTraceID, tagSpanID, tagMetadata,
}

// stateOf is for what the wire has no type for: the event's own fields are the state after it, and its type rides in the metadata.
func (w *hostedWriter) stateOf() {
	w.text("eventType", "state_change")
	w.name("stateAfter")
	w.open()
	for t := range tagExtra {
		if !slices.Contains(envelopeTags, t) {
			w.field(tagNames[t], t)
		}
	}
	w.members()
	w.close()
}

// The fields that ride in the metadata of each type, where an event has them.
var (
	ridesAlways    = []tag{tagParentID, tagSeq, tagTimestamp, tagDuration, tagStatus}
	ridesWithStart = []tag{
		tagParentID, tagSeq, tagTimestamp, tagTraceID, tagSpanID, tagAgentVersion, tagConversationID, tagParentSessionID, tagInput, tagTags,
	}
	ridesWithEnd = []tag{tagParentID, tagSeq, tagTimestamp, tagStatus, tagTraceID, tagSpanID, tagSummary, tagOutput}
	ridesWith    = map[types.EventType][]tag{
		types.EventToolCall: {tagCallID, tagAttempt},
		types.EventLLMCall: {
			tagPrompt, tagRequestModel, tagOperation, tagResponseID, tagOutputMessages, tagToolDefinitions, tagParameters, tagPromptName, tagPromptVersion,
			tagCachedTokens, tagCacheWriteTokens, tagReasoningTokens, tagFinishReason, tagAttempts, tagTimeToFirstToken, tagCallID, tagAttempt,
		},
		types.EventDecision: {tagChosen},
		types.EventError:    {tagRecoverable, tagRecoveryAction},
		types.EventStep:     {tagName, tagKind},
	}
)
