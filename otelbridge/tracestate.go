package otelbridge

import (
	"cmp"
	"encoding/json"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// traceState is what the spans of a trace have in common.
type traceState struct {
	session   string // the session that the trace's spans name; "" = none so far
	keyed     bool   // something was recorded under the trace's own id
	about     about
	agentFrom time.Time // when the agent in about began
}

// about describes a session by what was seen of it so far.
type about struct {
	agent, version, user, conversation string
	failed                             bool // the agent did
}

// learn takes over what the spans say about their trace, and tells whether that named its session.
func (t *traceState) learn(spans []*span) (named bool) {
	for _, s := range spans {
		if s.genAI {
			t.describe(s)
		}
	}
	if t.session != "" {
		return false
	}
	t.session = sessionOf(spans)
	return t.session != ""
}

// sessionOf finds the session that spans of one trace name, in the order in which they began: the outermost counts.
func sessionOf(spans []*span) (chosen string) {
	for _, s := range spans {
		chosen = cmp.Or(chosen, s.chosen)
	}
	return chosen
}

// describe reads each attribute whether it is needed or not, so that what is left for metadata does not depend on the spans that came before.
func (t *traceState) describe(s *span) {
	user, conversation := s.attrs.text(keyUserID, keyEndUserID), s.attrs.text(keyConversationID)
	t.about.user, t.about.conversation = cmp.Or(t.about.user, user), cmp.Or(t.about.conversation, conversation)
	if s.kind == kindAgent && (t.agentFrom.IsZero() || s.StartTime().Before(t.agentFrom)) {
		t.agentFrom = s.StartTime() // the outermost agent is the one that the session is about
		t.about.agent, t.about.version, t.about.failed = s.attrs.text(keyAgentName), s.attrs.text(keyAgentVersion), s.failed()
	}
}

// settle gives each span its session and its parent.
func (t *traceState) settle(b *batch, spans []*span) {
	for _, s := range spans {
		s.about, s.opens = t.about, s.opensSession()
	}
	for _, s := range spans {
		own := traceSession(s.ref.trace)
		s.session = cmp.Or(b.chosenSession(s), t.session, own)
		s.parentEvent = b.parentEvent(s)
		t.keyed = t.keyed || s.recorded() && s.session == own
	}
}

// alias says that what was recorded under the trace's id belongs to another session, then and later.
func alias(id trace.TraceID, into string, at time.Time) types.Event {
	name, _ := json.Marshal(into) // a string always has a JSON form
	return types.Event{
		ID: aliasID(id), Type: eventSessionAlias, SessionID: traceSession(id), Timestamp: at, TraceID: id.String(),
		Extra: map[string]json.RawMessage{"into": name},
	}
}

// eventSessionAlias is a type of the wire for which types has no payload.
const eventSessionAlias types.EventType = "session_alias"
