package types

// SessionFields is what session_start and session_update carry. Empty = absent, which leaves the session's value unchanged.
type SessionFields struct {
	Name            string   // name: what the session is about
	AgentName       string   // agent_name
	AgentVersion    string   // agent_version
	UserID          string   // user_id: on whose behalf the agent works
	ConversationID  string   // conversation_id: joins the sessions of one conversation
	ParentSessionID string   // parent_session_id: the session that started this one
	Input           any      // input: what the agent was asked; any JSON value
	Tags            []string // tags
}

func (s *SessionFields) fields() []field {
	return []field{
		{name: "name", value: &s.Name},
		{name: "agent_name", value: &s.AgentName},
		{name: "agent_version", value: &s.AgentVersion},
		{name: "user_id", value: &s.UserID},
		{name: "conversation_id", value: &s.ConversationID},
		{name: "parent_session_id", value: &s.ParentSessionID},
		{name: "input", value: &s.Input},
		{name: "tags", value: &s.Tags},
	}
}

func (s *SessionFields) shared() shared { return shared{} }

// SessionResult is how a session ended. It travels as session_end.
type SessionResult struct {
	Status  Status             // status: success, error or cancelled
	Summary string             // summary: the outcome in words
	Output  any                // output: what the agent answered; any JSON value
	Metrics map[string]float64 // metrics: figures of the caller's own, by name
}

func (r *SessionResult) fields() []field {
	return []field{
		{name: "summary", value: &r.Summary},
		{name: "output", value: &r.Output},
		{name: "metrics", value: &r.Metrics},
	}
}

func (r *SessionResult) shared() shared { return shared{status: &r.Status} }
