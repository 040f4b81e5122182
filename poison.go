package sentrial

import "time"

// A batch that gets 500 again and again may hold an event that the server fails at, or the server may be failing at everything. Splitting the batch finds such
// an event and loses nothing. Dropping it does, so that takes a proof that the server works: an acknowledgement of other events, asked for afterwards. Only for
// an event that is alone in the queue there is no such proof to be had; it is dropped when it has failed for more than a minute.
//
// A batch is suspect after MaxRetries+1 replies of 500, and its halves are at the first one. A suspect batch steps aside while there is something else to ask
// about. Once that is acknowledged the batch is split, or asked about a last time if it is a single event. Where there is nothing else it is split without
// proof, as often as it takes to find one event. When only suspects are left, they wait for other events.

// trial is what is known of a batch that got 500. Instants are numbers of requests.
type trial struct {
	crashes int // replies of 500 to these very records
	suspect bool
	aside   bool   // others go first
	since   uint64 // when it became suspect, was split off or stepped aside, whatever was last
}

// maxUnproven is how often in a row a batch is split without proof: log2 of the largest.
const maxUnproven = 10

// crashed acts on a reply of 500.
func (t *transport) crashed(o *outcome, err *APIError) {
	bt, begun := o.batch, t.destination.begun
	bt.crashes++
	if !bt.suspect && bt.crashes <= t.cfg.maxRetries {
		t.failed(o, err, 0)
		return
	}
	if !bt.suspect {
		bt.suspect, bt.since = true, begun
	}
	fresh, company := t.buffer.others(bt)
	switch single := len(bt.records) == 1; {
	case single && t.convicted(bt, company):
		t.buffer.settle(bt, []fate{{reason: DropPoison, err: err}}, 0)
	case !single && !fresh && t.unproven < maxUnproven:
		t.splitAndAsk(o)
	case fresh && !bt.aside:
		bt.aside, bt.since = true, begun
		t.buffer.giveBack(bt)
	default:
		bt.aside, bt.since = true, begun
		t.failed(o, err, 0)
	}
}

// splitAndAsk asks about the halves at once, unless nothing says that this server ever worked.
func (t *transport) splitAndAsk(o *outcome) {
	t.unproven++
	t.split(o.batch)
	t.buffer.giveBack(o.batch)
	if t.destination.acked == 0 {
		t.destination.failed(o.number, time.Now(), 0)
	}
}

// convicted tells whether it is this event that the server fails at: others were acknowledged since it was singled out, and it was asked about again if there
// was anything else to ask about. One that has been alone in the queue all the time cannot be compared: it gets twice the tries of a batch, which take more
// than a minute by default.
func (t *transport) convicted(bt *batch, company bool) bool {
	acked := t.destination.acked
	if acked > bt.since {
		return bt.aside || !company
	}
	return !company && acked > 0 && bt.crashes > 2*t.cfg.maxRetries+1
}

// split halves a suspect batch: its parts are under the same suspicion.
func (t *transport) split(bt *batch) {
	bt.crashes, bt.aside, bt.since = 0, false, t.destination.begun
	t.buffer.halve(bt)
}
