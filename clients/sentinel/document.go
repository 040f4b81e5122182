package sentinel

import (
	"encoding/json"
	"strings"
)

// State is how far a document is. Words that the client does not know are kept in lower case.
type State string

const (
	StateQueued     State = "queued"
	StateProcessing State = "processing"
	StateCompleted  State = "completed"
	StateFailed     State = "failed"
	StateCancelled  State = "cancelled"
)

// Final tells whether the processing is over.
func (s State) Final() bool { return s == StateCompleted || s.Failed() }

// Failed tells whether the processing is over in vain.
func (s State) Failed() bool { return s == StateFailed || s == StateCancelled }

func stateOf(word string) State {
	word = strings.ToLower(strings.TrimSpace(word))
	if state, known := words[strings.ReplaceAll(strings.ReplaceAll(word, "-", "_"), " ", "_")]; known {
		return state
	}
	return State(word)
}

// Document is one that was uploaded.
type Document struct {
	ID    string          `json:"doc_id"`
	State State           `json:"status,omitempty"` // "" if the reply says nothing of it
	Name  string          `json:"-"`                // the file name that it was uploaded under
	Size  int64           `json:"-"`                // of the content that was sent, in bytes
	Raw   json.RawMessage `json:"-"`                // the reply
}

// UnmarshalJSON reads the reply to an upload.
func (d *Document) UnmarshalJSON(data []byte) error {
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	d.ID, d.State, d.Raw = f.text(namesDocumentID), stateOf(f.text(namesState)), append(json.RawMessage(nil), data...)
	return nil
}

// missing names what a reply must have and has not.
func (d *Document) missing() string { return lacking(namesDocumentID, d.ID) }

// Progress is how far the processing of a document is.
type Progress struct {
	DocumentID string          `json:"doc_id"`
	State      State           `json:"status"`
	Percent    *float64        `json:"progress,omitempty"` // as the platform tells it, 0 to 100; nil if it does not
	Stage      string          `json:"stage,omitempty"`    // what is being done, in the platform's words
	Reason     string          `json:"error,omitempty"`    // why it failed, in the platform's words
	Raw        json.RawMessage `json:"-"`                  // the reply
}

// UnmarshalJSON reads the reply to a question for progress.
func (p *Progress) UnmarshalJSON(data []byte) error {
	var f fields
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	*p = Progress{
		DocumentID: f.text(namesDocumentID), State: stateOf(f.text(namesState)), Percent: f.number(namesPercent),
		Stage: f.text(namesStage), Reason: f.text(namesReason), Raw: append(json.RawMessage(nil), data...),
	}
	return nil
}

// missing names what a reply must have and has not.
func (p *Progress) missing() string { return lacking(namesState, string(p.State)) }

func lacking(names []string, value string) string {
	if value == "" {
		return strings.Join(names, ", or ")
	}
	return ""
}
