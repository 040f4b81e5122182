package bulk

import "bytes"

// maxClients is how many clients have a batch in the making at once.
const maxClients = 256

// pile is batches in the making, one for each client: a request has one client, and files hold events of several by turns. All are sent when one
// is full. What is about one session stays in its order, for the order decides how the session comes out.
type pile struct {
	place    func(number int64) string
	batches  []*batch          // in the order of their first events
	of       map[string]*batch // by client
	sessions map[string]*batch // that have events there
	wrong    []Reason          // which was found on the way
	size     int
	last     int64 // number of the last event that was read
}

func newPile(of *File) *pile {
	return &pile{place: of.Place, of: map[string]*batch{}, sessions: map[string]*batch{}}
}

// take adds e, or reports that the rest has to be sent before. An empty pile takes anything.
func (p *pile) take(e Event) bool {
	if e.Err != nil {
		return p.takeWrong(e)
	}
	b, about := p.of[string(e.Client)], sessionsOf(e.Raw)
	if len(p.batches) > 0 && (!p.roomFor(e, b) || !p.inOrder(b, about)) {
		return false
	}
	if b == nil {
		b = &batch{place: p.place, client: e.Client}
		p.batches, p.of[string(e.Client)] = append(p.batches, b), b
	}
	for _, session := range about {
		p.sessions[session] = b
	}
	b.events, b.numbers = append(b.events, bytes.Clone(e.Raw)), append(b.numbers, e.Number)
	b.size += len(e.Raw) + 1
	p.size, p.last = p.size+len(e.Raw)+1, e.Number
	return true
}

func (p *pile) takeWrong(e Event) bool {
	if len(p.wrong) == maxEvents {
		return false
	}
	p.wrong = append(p.wrong, Reason{At: p.place(e.Number), Code: "unreadable", Message: e.Err.Error()})
	p.last = e.Number
	return true
}

// roomFor reports whether b, nil for a new batch, can have one event more.
func (p *pile) roomFor(e Event, b *batch) bool {
	if b == nil && len(p.batches) == maxClients || b != nil && len(b.events) == maxEvents {
		return false
	}
	return p.size+len(e.Raw)+1 <= maxBytes
}

// inOrder reports whether b is the only batch with events about these sessions.
func (p *pile) inOrder(b *batch, about []string) bool {
	for _, session := range about {
		if there := p.sessions[session]; there != nil && there != b {
			return false
		}
	}
	return true
}

// requests are the batches to send, one after the other. What was found wrong is told with the first; with the last all is accounted for.
func (p *pile) requests() []*batch {
	if len(p.batches) == 0 {
		p.batches = []*batch{{place: p.place}}
	}
	p.batches[0].wrong = p.wrong
	p.batches[len(p.batches)-1].last = p.last
	return p.batches
}
