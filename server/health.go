package server

import "net/http"

// health says that the process answers, and which protocols it speaks.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, struct {
		Status    string   `json:"status"`
		Service   string   `json:"service"`
		Protocols []string `json:"protocols"`
	}{"ok", "sentrial", []string{"batch", "hosted", "otlp"}})
	return nil
}

// ready says whether the store answers too.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Ping(r.Context()); err != nil {
		return unavailable("the store does not answer", err)
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
	return nil
}

func (s *Server) getLimits(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, s.limits)
	return nil
}
