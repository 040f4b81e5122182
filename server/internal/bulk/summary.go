package bulk

// Summary is how far an import came, in the form of --json.
type Summary struct {
	Accepted    int      `json:"accepted"`
	Duplicates  int      `json:"duplicates"` // which the store had
	Rejected    int      `json:"rejected"`
	Reasons     []Reason `json:"reasons"`              // of the first rejected ones, never nil
	Interrupted bool     `json:"interrupted,omitzero"` // it ended before the file did
	Last        string   `json:"last,omitzero"`        // of the events that are accounted for
}

// Reason is why an event was rejected.
type Reason struct {
	At      string `json:"at"`
	ID      string `json:"id,omitzero"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// maxReasons is how many a summary keeps.
const maxReasons = 10

// Events is how many events are accounted for.
func (s *Summary) Events() int { return s.Accepted + s.Duplicates + s.Rejected }

func (s *Summary) reject(r Reason) {
	s.Rejected++
	if len(s.Reasons) < maxReasons {
		s.Reasons = append(s.Reasons, r)
	}
}
