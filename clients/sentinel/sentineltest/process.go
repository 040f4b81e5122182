package sentineltest

import (
	"fmt"
	"net/http"
)

// Document is one that was uploaded.
type Document struct {
	ID          string
	Name        string // of the file
	ContentType string // of the form's part
	Size        int64
	SHA256      string // in hexadecimal
	Content     []byte // nil if it has more than 1 MiB
	State       string // queued, processing, completed or failed
	Percent     int
	Reason      string // why it failed
}

// document is one in the making.
type document struct {
	Document
	asked  int    // how often for its progress
	reason string // why it will fail, "" if it will not
}

// take begins to process a file.
func (s *Server) take(f *received) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.id("doc")
	s.documents[id] = &document{Document: Document{
		ID: id, Name: f.name, ContentType: f.contentType, Size: f.size, SHA256: f.sum, Content: f.content, State: "queued",
	}}
	s.order = append(s.order, id)
	return map[string]any{"doc_id": id, "status": "queued", "filename": f.name}
}

// id makes the next id of a kind; s.mu is held.
func (s *Server) id(kind string) string {
	s.ids[kind]++
	return fmt.Sprintf("%s_%d", kind, s.ids[kind])
}

func (s *Server) progress(r *http.Request) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.documents[r.PathValue("id")]
	if d == nil {
		return failed(http.StatusNotFound, "Document not found")
	}
	d.advance(s.cfg.steps)
	body := map[string]any{"doc_id": d.ID, "status": d.State, "progress": d.Percent}
	if d.Reason != "" {
		body["error"] = d.Reason
	}
	return answered(http.StatusOK, body)
}

// advance makes progress: who asks moves the document on.
func (d *document) advance(steps int) {
	if d.State == "completed" || d.State == "failed" {
		return
	}
	d.asked++
	switch {
	case d.asked >= steps && d.reason != "":
		d.State, d.Reason = "failed", d.reason
	case d.asked >= steps:
		d.State, d.Percent = "completed", 100
	case d.asked > 1:
		d.State, d.Percent = "processing", 100*(d.asked-1)/(steps-1)
	}
}

// FailProcessing makes a document fail instead of being completed.
func (s *Server) FailProcessing(id, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.documents[id]; d != nil {
		d.reason = reason
	}
}

// Documents are those that were uploaded, the first one first.
func (s *Server) Documents() []Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Document
	for _, id := range s.order {
		all = append(all, s.documents[id].Document)
	}
	return all
}
