package types

import "time"

// Session as the server holds it. It marshals flat, with the counts of Usage beside the other fields; id, status, created_at, events and
// errors are always written, the others when they are not empty. Fields that this version does not know are ignored when it is read.
type Session struct {
	ID              string             // id
	Name            string             // name
	AgentName       string             // agent_name
	AgentVersion    string             // agent_version
	UserID          string             // user_id
	ConversationID  string             // conversation_id
	ParentSessionID string             // parent_session_id: the session that started this one
	ProjectID       string             // project_id
	Status          Status             // status: active until it ends or goes silent
	Summary         string             // summary
	Input           any                // input
	Output          any                // output
	Tags            []string           // tags
	Metrics         map[string]float64 // metrics
	CreatedAt       time.Time          // created_at: when it started, as its sender says
	ClosedAt        *time.Time         // closed_at: nil = not ended
	Metadata        map[string]any     // metadata
	Events          int                // events: how many are stored
	Errors          int                // errors: how many of them are errors
	Usage           Usage              // prompt_tokens, completion_tokens, ...: sums over the session
	Cost            *float64           // cost: USD, the sum over the session; nil = unknown
}

func (s *Session) fields() []field {
	fields := []field{
		{name: "id", value: &s.ID, always: true},
		{name: "name", value: &s.Name},
		{name: "agent_name", value: &s.AgentName},
		{name: "agent_version", value: &s.AgentVersion},
		{name: "user_id", value: &s.UserID},
		{name: "conversation_id", value: &s.ConversationID},
		{name: "parent_session_id", value: &s.ParentSessionID},
		{name: "project_id", value: &s.ProjectID},
		{name: "status", value: &s.Status, always: true},
		{name: "summary", value: &s.Summary},
		{name: "input", value: &s.Input},
		{name: "output", value: &s.Output},
		{name: "tags", value: &s.Tags},
		{name: "metrics", value: &s.Metrics},
		{name: "created_at", value: &s.CreatedAt, always: true},
		{name: "closed_at", value: &s.ClosedAt},
		{name: "metadata", value: &s.Metadata},
		{name: "events", value: &s.Events, always: true},
		{name: "errors", value: &s.Errors, always: true},
	}
	fields = append(fields, s.Usage.fields()...)
	return append(fields, field{name: "cost", value: &s.Cost})
}

// MarshalJSON writes the session flat.
func (s Session) MarshalJSON() ([]byte, error) {
	var w objectWriter
	if err := w.add(s.fields()); err != nil {
		return nil, err
	}
	return w.bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON writes and replaces the whole session; on error it leaves the session as it was.
func (s *Session) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return nil
	}
	members, err := readObject(data)
	if err != nil {
		return err
	}
	var decoded Session
	if err := members.take(decoded.fields()); err != nil {
		return err
	}
	*s = decoded
	return nil
}
