package sentrialtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// Flaw is something that fails a test when it ends, unless the test allows it.
type Flaw string

// The flaws, all of which fail a test by default.
const (
	LostEvents     Flaw = "LostEvents"     // events dropped or refused for any reason but sampling, or rejected by the recorder as a server would
	OpenSpans      Flaw = "OpenSpans"      // spans that were begun and never ended
	Unsessioned    Flaw = "Unsessioned"    // helpers called with no session in their context: what they ran was not recorded
	FailedDelivery Flaw = "FailedDelivery" // closing the client failed, or its last request did
)

// Allow keeps the flaws from failing the test, for tests that mean them. It may be called at any time before the test ends.
func (r *Recorder) Allow(flaws ...Flaw) {
	r.watch.mu.Lock()
	defer r.watch.mu.Unlock()
	for _, f := range flaws {
		r.watch.allowed[f] = true
	}
}

// end is the cleanup of the test: it closes the client and says what is wrong with what was recorded.
func (r *recording) end() {
	r.t.Helper()
	err := r.client.Close(context.Background())
	r.watch.leave()
	r.blame(FailedDelivery, undelivered(err, r.client.Stats().LastError))
	r.blame(LostEvents, r.lost())
	r.blame(OpenSpans, r.open())
	r.blame(Unsessioned, r.watch.unsessioned())
}

// blame fails the test for a flaw, if there is something to say of it.
func (r *recording) blame(f Flaw, lines []string) {
	r.t.Helper()
	if len(lines) > 0 && !r.watch.allows(f) {
		r.t.Errorf("sentrialtest: %s\nA test that means it says rec.Allow(sentrialtest.%s).", strings.Join(lines, "\n  "), f)
	}
}

func undelivered(closing, last error) []string {
	switch {
	case closing != nil:
		return []string{fmt.Sprintf("closing the client: %v", closing)}
	case last != nil:
		return []string{fmt.Sprintf("the client's last request failed: %v", last)}
	}
	return nil
}

// lost tells of events that were recorded and are not there.
func (r *recording) lost() (lines []string) {
	stats := r.client.Stats()
	lines = append(counted("dropped", stats.Dropped), counted("refused", stats.Refused)...)
	for _, d := range r.watch.heard() {
		lines = append(lines, fmt.Sprintf("%s: %s %s of session %s%s", d.Reason, d.Type, d.EventID, d.SessionID, because(d.Err)))
	}
	for _, rejected := range r.inbox.refusals() {
		lines = append(lines, fmt.Sprintf("rejected by the server: %s %s", rejected.ID, rejected.Message))
	}
	if len(lines) > 0 {
		lines = append([]string{"events were lost:"}, lines...)
	}
	return lines
}

func counted(what string, by map[sentrial.DropReason]uint64) (lines []string) {
	for reason, n := range by {
		if reason != sentrial.DropSampled && n > 0 {
			lines = append(lines, fmt.Sprintf("%d %s: %s", n, what, reason))
		}
	}
	slices.Sort(lines)
	return lines
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

func (b *inbox) refusals() []rejection {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.rejected)
}

// open names the spans that nobody ended, with where they began if that was in this process.
func (r *recording) open() (lines []string) {
	for _, e := range r.inbox.all() {
		if !neverEnded(&e) {
			continue
		}
		kind, name, _ := label(&e)
		lines = append(lines, fmt.Sprintf("%s%s", called(kind, name), r.watch.beganAt(e.ID)))
	}
	if missing := int(r.client.Stats().Abandoned) - len(lines); missing > 0 {
		lines = append(lines, fmt.Sprintf("%d that were not delivered", missing))
	}
	if len(lines) > 0 {
		lines = append([]string{"spans were begun and never ended:"}, lines...)
	}
	return lines
}

// neverEnded: the end of a span replaces the copy sent while it was running, and Close marks what is left.
func neverEnded(e *types.Event) bool {
	return e.Status == types.StatusRunning || e.Status == types.StatusUnknown && e.Metadata["abandoned"] == true
}
