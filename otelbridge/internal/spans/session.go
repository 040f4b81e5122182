package spans

import (
	"cmp"
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// beginSession starts the span that lasts as long as the session does.
func (h *Hook) beginSession(ctx context.Context, e *types.Event) context.Context {
	s := &session{agent: agentOf(e.Session)}
	s.learn(e.Session)
	f := form{hook: h, session: s}
	name, kind := f.describe(e)
	f.whole(e)
	ctx, span := h.tracer.Start(ctx, name, trace.WithTimestamp(e.Timestamp), trace.WithSpanKind(kind), trace.WithAttributes(f.list...))
	s.openSpan = &openSpan{span: span, sessionID: e.SessionID, eventID: e.ID, isSession: true}
	s.named(e)
	if gone := h.sessions.put(s); gone != nil {
		gone.span.End(trace.WithTimestamp(e.Timestamp))
	}
	return h.with(ctx, s.openSpan)
}

// agentOf is the name of the agent whose session it is.
func agentOf(f *types.SessionFields) string {
	if f == nil {
		return ""
	}
	return cmp.Or(f.AgentName, f.Name)
}

func (s *session) learn(f *types.SessionFields) {
	if f == nil {
		return
	}
	s.conversation, s.user = cmp.Or(f.ConversationID, s.conversation), cmp.Or(f.UserID, s.user)
	if f.AgentName != "" {
		s.agent = f.AgentName
	}
}

// endSession ends the session's span. A session that began elsewhere has none, and its end is a span by itself.
func (h *Hook) endSession(ctx context.Context, e *types.Event) context.Context {
	s := h.sessions.take(e.SessionID)
	if s == nil {
		return h.atOnce(ctx, e)
	}
	s.named(e)
	if s.span.IsRecording() {
		f := form{hook: h, session: s}
		f.text(keyEndID, e.ID)
		f.count(keyEndSeq, e.Seq)
		f.object(keyEndMetadata, e.Metadata)
		f.text(keyStatus, string(e.Status))
		f.result(e.Result)
		f.members(keyEndFields, e)
		s.span.SetAttributes(f.list...)
	}
	if e.Status == types.StatusError {
		s.fail(errorOther, "")
	}
	s.span.End(trace.WithTimestamp(e.Timestamp))
	return trace.ContextWithSpan(ctx, s.span)
}

// updateSession notes on the session's span what became known, and what it is by now.
func (h *Hook) updateSession(ctx context.Context, e *types.Event) context.Context {
	s := h.sessions.get(e.SessionID)
	if s == nil || !s.takesNote() {
		return h.atOnce(ctx, e)
	}
	now := *s
	now.learn(e.Session)
	h.sessions.replace(s, &now)
	f := form{hook: h, session: &now}
	f.envelope(e)
	f.fields(e.Session)
	f.members(keyFields, e)
	s.span.AddEvent(eventUpdate, trace.WithTimestamp(e.Timestamp), trace.WithAttributes(f.list...))
	s.span.SetAttributes(now.identity(e.SessionID)...)
	s.named(e)
	return trace.ContextWithSpan(ctx, s.span)
}

// identity is what all spans of a session say of it.
func (s *session) identity(id string) []attribute.KeyValue {
	list := []attribute.KeyValue{attribute.String(keyConversation, cmp.Or(s.conversation, id))}
	if s.user != "" {
		list = append(list, attribute.String(keyUser, s.user))
	}
	if s.agent != "" {
		list = append(list, attribute.String(keyAgentName, s.agent))
	}
	return list
}

// fields are what is said of a session.
func (f *form) fields(s *types.SessionFields) {
	if s == nil {
		return
	}
	f.text(keySessionName, s.Name)
	f.text(keySessionAgent, s.AgentName)
	f.text(keyAgentVersion, s.AgentVersion)
	f.text(keySessionUser, s.UserID)
	f.text(keySessionTalk, s.ConversationID)
	f.text(keySessionParent, s.ParentSessionID)
	f.texts(keyTags, s.Tags)
	f.said(keyInputMessages, keyOwnInput, "user", s.Input)
}

// result is how a session ended.
func (f *form) result(r *types.SessionResult) {
	if r == nil {
		return
	}
	f.content(keySummary, r.Summary)
	f.said(keyOutputMessages, keyOwnOutput, "assistant", r.Output)
	if len(r.Metrics) > 0 {
		f.json(keyMetrics, r.Metrics)
	}
}
