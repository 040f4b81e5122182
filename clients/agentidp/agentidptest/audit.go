package agentidptest

import (
	"net"
	"net/http"
	"slices"
	"time"
)

type event struct {
	EventID   string         `json:"eventId"`
	AgentID   string         `json:"agentId"`
	Action    string         `json:"action"`
	Outcome   string         `json:"outcome"`
	Timestamp time.Time      `json:"timestamp"`
	IPAddress string         `json:"ipAddress"`
	UserAgent string         `json:"userAgent"`
	Metadata  map[string]any `json:"metadata"`
}

func (s *Server) note(x *exchange, agentID, action, outcome string, metadata map[string]any) {
	if metadata == nil {
		metadata = map[string]any{}
	}
	address, _, _ := net.SplitHostPort(x.r.RemoteAddr)
	s.events = append(s.events, event{newID(), agentID, action, outcome, time.Now().UTC(), address, x.r.UserAgent(), metadata})
}

// queryAudit gives the latest first.
func (s *Server) queryAudit(x *exchange) any {
	q := x.r.URL.Query()
	from, badFrom := date(q.Get("fromDate"))
	to, badTo := date(q.Get("toDate"))
	if badFrom || badTo {
		return refusal{"ValidationError", "fromDate and toDate are times as RFC 3339 has them", http.StatusBadRequest}
	}
	found := []event{}
	for _, e := range slices.Backward(s.events) {
		late := !to.IsZero() && e.Timestamp.After(to)
		if !late && !e.Timestamp.Before(from) && wanted(q.Get("agentId"), e.AgentID) && wanted(q.Get("action"), e.Action) && wanted(q.Get("outcome"), e.Outcome) {
			found = append(found, e)
		}
	}
	return page(x, found)
}

func wanted(asked, has string) bool { return asked == "" || asked == has }

func date(text string) (t time.Time, bad bool) {
	if text == "" {
		return t, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err != nil
}

func (s *Server) getEvent(x *exchange) any {
	for _, e := range s.events {
		if e.EventID == x.r.PathValue("event") {
			return e
		}
	}
	return refusal{"AuditEventNotFoundError", "there is no audit event with that id", http.StatusNotFound}
}
