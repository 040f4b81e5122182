package otelbridge

import (
	"cmp"

	"github.com/sentrial/sentrial-go/types"
)

// agentStep is an agent inside another span: part of a session that it neither opens nor ends.
func (s *span) agentStep() types.Event {
	e := s.timed(types.EventStep)
	e.Step = &types.Step{Name: s.agentName(), Kind: "agent", Input: s.attrs.said(keyInputMessages), Output: s.attrs.said(keyOutputMessages), Error: s.errorText()}
	s.keepRest(&e)
	return e
}

func (s *span) agentName() string { return cmp.Or(s.attrs.text(keyAgentName), s.Name()) }

// sessionStart opens the session of a local root. It is the span's own event, unless that is a call of a model or a tool.
func (s *span) sessionStart() types.Event {
	a := &s.attrs
	suffix := ""
	if s.kind == kindLLM || s.kind == kindTool {
		suffix = suffixStart
	}
	e := s.event(types.EventSessionStart, suffix)
	e.ParentID = ""
	e.Session = &types.SessionFields{
		AgentName:      s.about.agent,
		AgentVersion:   s.about.version,
		UserID:         cmp.Or(a.text(keyUserID, keyEndUserID), s.about.user),
		ConversationID: cmp.Or(a.text(keyConversationID), s.about.conversation),
	}
	if s.kind == kindAgent {
		e.Session.AgentName, e.Session.AgentVersion = a.text(keyAgentName), a.text(keyAgentVersion)
	}
	e.Session.Name = cmp.Or(e.Session.AgentName, s.Name())
	if suffix == "" {
		e.Session.Input, _ = a.said(keyInputMessages), a.value(keyOutputMessages) // the output is told at the end
		s.keepRest(&e)
	}
	return e
}

// sessionEnd ends the session of a local root. A handler that got over the failure of the agent inside it ends a session that failed.
func (s *span) sessionEnd() types.Event {
	e := s.event(types.EventSessionEnd, suffixEnd)
	e.ParentID, e.Timestamp, e.Status = "", s.EndTime(), s.status()
	if s.kind == kindOther && s.about.failed {
		e.Status = types.StatusError
	}
	e.Result = &types.SessionResult{Status: e.Status, Summary: s.errorText()}
	if s.kind == kindAgent || s.kind == kindOther {
		e.Result.Output = s.attrs.said(keyOutputMessages)
	}
	return e
}

// said is what an agent was asked or answered: a text where one text is all there is, else the messages as they came.
func (a *attributes) said(key string) any {
	v := a.json(key)
	if v == nil {
		return nil
	}
	if list, ok := readMessages(toJSON(v)); ok {
		if text := plainText(list); text != "" {
			return text
		}
	}
	return v
}
