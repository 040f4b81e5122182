package faultsink

import (
	"net/http"
	"slices"
	"strings"
)

// Wire is the set of protocols that a sink speaks.
type Wire uint8

// The protocols, and all or none of them. A sink that speaks None is an ingress with nothing behind it: it answers 404 and HTML whatever it is asked.
const (
	Batch Wire = 1 << iota
	Hosted
	Both      = Batch | Hosted
	None Wire = 0
)

func (w Wire) names() (list []string) {
	if w&Batch != 0 {
		list = append(list, "batch")
	}
	if w&Hosted != 0 {
		list = append(list, "hosted")
	}
	return list
}

// face is what a sink shows at present.
type face struct {
	wire       Wire
	announced  []string // by /healthz, instead of what wire says
	everywhere Step     // answers every request
}

// Speak makes the sink understand these protocols from now on. What it stored stays.
func (s *Sink) Speak(w Wire) { s.change(func(f *face) { f.wire = w }) }

// Announce makes GET /healthz name these protocols, whatever the sink speaks; without any it is again up to what it speaks. Then it names batch, and hosted beside
// it; a sink that speaks hosted alone has no /healthz, as the hosted API has none.
func (s *Sink) Announce(protocols ...string) {
	s.change(func(f *face) { f.announced = slices.Clone(protocols) })
}

// Everywhere answers every request so, whatever its path, until it is called with nil: a login page before the whole network is Everywhere(Portal). The plan is not
// asked meanwhile.
func (s *Sink) Everywhere(step Step) { s.change(func(f *face) { f.everywhere = step }) }

func (s *Sink) change(how func(*face)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	how(&s.face)
}

func (s *Sink) shows() face {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.face
}

// override is what answers in place of the plan, or nil.
func (f face) override() Step {
	if f.everywhere == nil && f.wire == None {
		return Answer(http.StatusNotFound, "text/html", "<html><h1>404 Not Found</h1></html>")
	}
	return f.everywhere
}

// health is what /healthz names, nil if there is no such path.
func (f face) health() []string {
	if len(f.announced) > 0 || f.wire&Batch == 0 {
		return f.announced
	}
	return f.wire.names()
}

// of tells which protocol a path belongs to.
func wireOf(path string) Wire {
	switch {
	case path == "/v1/events":
		return Batch
	case strings.HasPrefix(path, "/api/sdk/"):
		return Hosted
	}
	return None
}
