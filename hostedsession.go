package sentrial

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// hostedSession is what the sender remembers of a session on the hosted wire: its id there, what a second creation would need, and what its end has to sum up.
// At most one request of a session is under way; the request reads this, and the sender changes it between requests only.
type hostedSession struct {
	local  string // our id
	remote string // the server's, "" until it is known

	name, agent, user string
	began             time.Time // zero when another process began it
	input             string    // what its end repeats as userInput
	totals            hostedTotals
	failure           string // what the last error event said

	create  bool // it must be created before anything else: the server does not know it
	missing int  // replies of 404 in a row
	remade  bool // it was created again because the server had forgotten it
	plain   plainness
	bareEnd bool // the server refuses its end with metadata
	refused fate // the server does not take it at all: this becomes of its events

	failedAt  time.Time // when its latest trouble was, zero after a success
	notBefore time.Time // the trouble is this session's alone
	backoff   *httpx.Backoff
}

// hold makes a session wait by itself, so that others need not.
func (s *hostedSession) hold(now time.Time, atLeast time.Duration) {
	if s.backoff == nil {
		s.backoff = httpx.NewBackoff()
	}
	s.notBefore = now.Add(max(s.backoff.Next(), atLeast))
}

// well says that the server is content with the session.
func (s *hostedSession) well() {
	s.failedAt, s.notBefore, s.backoff, s.missing = time.Time{}, time.Time{}, nil, 0
}

// plainness is how little is said of a session whose creation the server refuses.
type plainness int

const (
	inFull       plainness = iota
	noMetadata             // but the id that it has here
	standInNames           // nor its name, agent and user
)

// hostedTotals is what the end of a session says of all its events.
type hostedTotals struct {
	nanoUSD                   int64
	costed                    bool
	prompt, completion, total int64
}

// target is the id that the server is told. A session that this client did not create has, for all we know, the same id there.
func (s *hostedSession) target() string {
	if s.remote != "" {
		return s.remote
	}
	return s.local
}

// describe takes over what a session_start or session_update says.
func (s *hostedSession) describe(record []byte) {
	for _, f := range []struct {
		to *string
		t  tag
	}{{&s.name, tagName}, {&s.agent, tagAgentName}, {&s.user, tagUserID}} {
		if text := fieldOf(record, f.t); text != nil {
			*f.to = clip(string(text), maxHostedName)
		}
	}
}

// maxHostedName bounds in bytes the names that are remembered of a session.
const maxHostedName = 256

// sum adds what an event says that was delivered.
func (s *hostedSession) sum(record []byte) {
	t := &s.totals
	if cost := fieldOf(record, tagCost); cost != nil {
		t.nanoUSD += int64(math.Round(math.Float64frombits(binary.LittleEndian.Uint64(cost)) * 1e9))
		t.costed = true
	}
	prompt, completion := intField(record, tagPromptTokens), intField(record, tagCompletionTokens)
	total := intField(record, tagTokensUsed)
	if total == 0 {
		total = prompt + completion
	}
	t.prompt, t.completion, t.total = t.prompt+prompt, t.completion+completion, t.total+total
	if message := fieldOf(record, tagErrorMessage); message != nil {
		s.failure = clip(string(message), maxServerText)
	}
}

func intField(record []byte, t tag) int64 {
	if data := fieldOf(record, t); data != nil {
		return int64(binary.LittleEndian.Uint64(data))
	}
	return 0
}

func timeField(record []byte, t tag) time.Time {
	if data := fieldOf(record, t); data != nil {
		return time.Unix(0, int64(binary.LittleEndian.Uint64(data)))
	}
	return time.Time{}
}

// hostedSessions finds sessions by our ids. Like sessionStates it remembers those used lately, in two generations.
type hostedSessions struct {
	young, older map[string]*hostedSession
	inputBytes   int // of all inputs remembered
}

// maxHostedInputs bounds in bytes the inputs that are remembered. Beyond it an input is sent with the creation of its session only.
const maxHostedInputs = 4 << 20

func newHostedSessions() *hostedSessions {
	return &hostedSessions{young: make(map[string]*hostedSession)}
}

func (h *hostedSessions) of(id string) *hostedSession {
	if s := h.young[id]; s != nil {
		return s
	}
	s := h.older[id]
	if s == nil {
		s = &hostedSession{local: id}
	}
	delete(h.older, id)
	if len(h.young) >= statesPerGeneration {
		for _, forgotten := range h.older {
			h.inputBytes -= len(forgotten.input) // it stays with who still has the session in hand
		}
		h.young, h.older = make(map[string]*hostedSession), h.young
	}
	h.young[id] = s
	return s
}

// keepInput remembers the input of a session, "" for none any more.
func (h *hostedSessions) keepInput(s *hostedSession, input string) {
	if h.young[s.local] != s && h.older[s.local] != s {
		return // it is forgotten
	}
	h.inputBytes -= len(s.input)
	if s.input = ""; h.inputBytes+len(input) <= maxHostedInputs {
		s.input = input
		h.inputBytes += len(input)
	}
}
