package faultsink

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// house is where the sessions of the hosted wire live.
type house struct {
	mu        sync.Mutex
	sessions  map[string]*hostedSession // by the id that the sink made
	twins     map[string]int            // sessions by the id that the SDK made
	busy      map[string][]int          // numbers of the requests under way, by session
	premature []string
}

// hostedSession is one session. What was asked of it last is what it holds.
type hostedSession struct {
	id, own            string // the sink's id, and the SDK's if it told one
	title, agent, user string
	status             string
	created            time.Time
	told               bool // a reply told the id
}

// name is how the report calls the session.
func (s *hostedSession) name() string { return cmp.Or(s.own, s.id) }

func newHouse() house {
	return house{sessions: map[string]*hostedSession{}, twins: map[string]int{}, busy: map[string][]int{}}
}

var lastID atomic.Int64

// newID makes an id that is unique in the process and unlike those of the SDK.
func newID(prefix string) string { return fmt.Sprintf("%sh%d", prefix, lastID.Add(1)) }

// create makes a session.
func (h *house) create(id string, b hostedBody, own string) *hostedSession {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &hostedSession{
		id: id, own: own, title: b.Name, agent: b.AgentName, user: b.UserID, status: "active", created: time.Now().UTC(),
	}
	h.sessions[s.id] = s
	if own != "" {
		h.twins[own]++
	}
	return s
}

// tell notes that a reply tells the id of s, if that is not nil.
func (h *house) tell(s *hostedSession) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s != nil {
		s.told = true
	}
}

// find returns nil for ids that the sink has not made.
func (h *house) find(id string) *hostedSession {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

// end gives a session its last status; "" leaves it as it is.
func (h *house) end(id, status string) *hostedSession {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.sessions[id]
	if s != nil {
		s.status = cmp.Or(status, s.status)
	}
	return s
}

// reply is what the protocol says of a session.
func (h *house) reply(s *hostedSession) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	return map[string]string{
		"id": s.id, "name": s.title, "agentName": s.agent, "userId": s.user, "status": s.status, "createdAt": s.created.Format(time.RFC3339Nano),
	}
}

// early notes a request that names a session whose id no reply has told: one that the client cannot know.
func (h *house) early(n int, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.sessions[id]; s == nil || !s.told {
		h.premature = append(h.premature, fmt.Sprintf("request %d: session %s", n, id))
	}
}

// entered counts a request as under way in its session, from when it was read.
func (h *house) entered(r *Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Session != "" && r.Done.IsZero() {
		r.Beside = slices.Clone(h.busy[r.Session])
		h.busy[r.Session] = append(h.busy[r.Session], r.N)
	}
}

// left ends what entered began.
func (h *house) left(r *Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(h.busy[r.Session], r.N); i >= 0 {
		h.busy[r.Session] = slices.Delete(h.busy[r.Session], i, i+1)
	}
}

func (h *house) report(r *Report) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.twins {
		r.Twins += n - 1
	}
	r.Sessions, r.Premature = len(h.sessions), slices.Clone(h.premature)
}
