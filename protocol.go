package sentrial

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// wireChoice decides which protocol the sender speaks. It is the sender's own.
//
// ProtocolAuto begins with the batch protocol, and toward this machine, or a URL that ever acknowledged a batch, it stays with it. Elsewhere a reply that is none
// of this protocol (404, 405, 501, a 2xx that is not JSON) raises a doubt: GET /healthz is asked, and only if the server answers and does not name "batch" the
// hosted protocol is tried. The trial ends with the first reply of that protocol, or with the first failure, which leads back to the beginning: an ingress that
// answers 404 to everything for a while, or a portal, switches nothing. Once the hosted protocol is confirmed, /healthz is asked again every ten minutes, and
// whenever its routes are gone.
type wireChoice struct {
	url  string // of the API
	auto bool   // there is something to decide

	hosted    bool      // the protocol spoken now
	confirmed bool      // it was understood
	doubt     *doubt    // /healthz is to be asked, or is being asked
	asked     time.Time // when /healthz was asked last
}

// doubt is a reply that the protocol does not have.
type doubt struct {
	asking  bool
	trouble bool          // something failed, unlike when it is only time to ask again
	atLeast time.Duration // how long to wait if it turns out that the server is in trouble
}

// askAgainAfter is how often a hosted server is asked whether it has learned the batch protocol.
const askAgainAfter = 10 * time.Minute

func newWireChoice(c *config) *wireChoice {
	w := &wireChoice{url: c.base.String(), hosted: c.protocol == ProtocolHosted}
	w.auto = c.protocol == ProtocolAuto && !c.loopback && !knownBatch.has(w.url)
	w.confirmed = !w.auto
	return w
}

// undecided tells whether nothing is known of the server yet. Then one request at a time is enough.
func (w *wireChoice) undecided() bool { return !w.confirmed }

// mustAsk tells whether /healthz is to be asked before anything else is sent.
func (w *wireChoice) mustAsk(now time.Time) bool {
	if w.auto && w.hosted && w.confirmed && w.doubt == nil && now.Sub(w.asked) >= askAgainAfter {
		w.doubt = &doubt{}
	}
	return w.doubt != nil && !w.doubt.asking
}

// asking tells whether the answer of /healthz is waited for.
func (w *wireChoice) asking() bool { return w.doubt != nil && w.doubt.asking }

// doubts notes a reply that the protocol spoken does not have, and tells whether /healthz will be asked because of it.
func (w *wireChoice) doubts(reply *httpx.Response, atLeast time.Duration) bool {
	if !w.auto || w.hosted && !w.confirmed || !isForeign(reply) {
		return false
	}
	if w.doubt == nil {
		w.doubt = &doubt{trouble: true, atLeast: atLeast}
	}
	return true
}

// isForeign tells whether a reply may come from a server that does not have the route.
func isForeign(reply *httpx.Response) bool {
	switch reply.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	}
	return reply.Status >= 200 && reply.Status < 300 && !httpx.IsJSON(reply.Header)
}

// understood says that the server has answered in the protocol spoken.
func (w *wireChoice) understood() {
	if w.confirmed {
		return
	}
	w.confirmed = true
	if w.hosted { // better ask once more: the batch protocol may just have been deployed
		w.doubt = &doubt{}
		return
	}
	w.auto = false
	knownBatch.add(w.url)
}

// failedTrial ends a trial of the hosted protocol, and tells whether there was one.
func (w *wireChoice) failedTrial() bool {
	trial := w.hosted && !w.confirmed
	if trial {
		w.hosted = false
	}
	return trial
}

// healthAnswer is what /healthz said.
type healthAnswer int

const (
	healthUnknown healthAnswer = iota // there was no answer, or one of a server in trouble
	healthBatch                       // the server names the batch protocol
	healthOther                       // it answers, and does not
)

func readHealth(reply *httpx.Response) healthAnswer {
	switch {
	case reply == nil, judge(reply.Status) == verdictAgain && reply.Status >= 400, reply.Status >= 500 && reply.Status != http.StatusNotImplemented:
		return healthUnknown
	case reply.Status < 200 || reply.Status >= 300 || !httpx.IsJSON(reply.Header):
		return healthOther
	}
	var health struct {
		Protocols []string `json:"protocols"`
	}
	err := json.Unmarshal(reply.Body, &health)
	switch {
	case reply.Truncated || !json.Valid(reply.Body): // a part of an answer
		return healthUnknown
	case err == nil && slices.Contains(health.Protocols, "batch"):
		return healthBatch
	}
	return healthOther
}

// answered settles the doubt, and tells whether another protocol is spoken from now on.
func (w *wireChoice) answered(a healthAnswer, now time.Time) (was doubt, switched bool) {
	was, w.doubt, w.asked = *w.doubt, nil, now
	switch {
	case a == healthBatch && w.hosted:
		w.hosted, w.confirmed = false, false
		return was, true
	case a == healthOther && !w.hosted:
		w.hosted, w.confirmed = true, false
		return was, true
	}
	return was, false
}

// knownBatch are the URLs that acknowledged a batch in this process, whichever client sent it.
var knownBatch urlSet

type urlSet struct {
	mu   sync.Mutex
	urls map[string]bool
}

// maxKnownURLs bounds the set; a process talks to one or two.
const maxKnownURLs = 1000

func (s *urlSet) has(url string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.urls[url]
}

func (s *urlSet) add(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.urls == nil || len(s.urls) >= maxKnownURLs {
		s.urls = make(map[string]bool)
	}
	s.urls[url] = true
}
