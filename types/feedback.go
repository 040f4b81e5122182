package types

// Feedback judges an event, or the session when EventID is empty. It travels as feedback.
type Feedback struct {
	Name     string         // name: what is judged, such as helpfulness
	Score    *float64       // score: nil = none given, 0 is a score
	Label    string         // label: a verdict in words, such as thumbs_up
	Comment  string         // comment
	EventID  string         // event_id: the event judged; "" = the session
	UserID   string         // user_id: who judged
	Metadata map[string]any // metadata
}

func (f *Feedback) fields() []field {
	return []field{
		{name: "name", value: &f.Name},
		{name: "score", value: &f.Score},
		{name: "label", value: &f.Label},
		{name: "comment", value: &f.Comment},
		{name: "event_id", value: &f.EventID},
		{name: "user_id", value: &f.UserID},
	}
}

func (f *Feedback) shared() shared {
	return shared{metadata: &f.Metadata}
}
