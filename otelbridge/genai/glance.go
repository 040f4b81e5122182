package genai

// Glance is what a span says when it begins, which is less than at its end.
type Glance struct {
	Kind      string // as in Explanation
	SessionID string // the session that it names, else that of Span.Session; "" = none
	Session   Session
	Event     string // the id of the event that it will become by itself; "" = none, or one that depends on what is inside
}

// AtStart reads a span by itself, such as one that has just begun. keys are those of Config.SessionKeys.
func AtStart(s *Span, keys []string) Glance {
	r := read(s, nil)
	id, _ := r.sessionID(keys)
	if id == "" {
		id = ruly(s.Session)
	}
	g := Glance{Kind: r.kind.String(), SessionID: id, Session: r.session()}
	if r.kind.toolLike() || r.kind == kindAgent || r.kind == kindWorkflow || r.kind == kindPlan {
		g.Event = r.eventID()
	}
	return g
}

// KnownScope tells whether the instrumentation scope is one of those that write GenAI spans. It costs next to nothing, as KnownKey does: most spans have neither.
func KnownScope(name string) bool { return bitsOfScope(name) != 0 }

// KnownKey tells whether attributes of that key make a span one of GenAI in one dialect or another.
func KnownKey(key string) bool {
	for _, m := range vocabulary.keys[key] {
		if !m.common {
			return true
		}
	}
	_, d := family(key)
	return d != nil
}
