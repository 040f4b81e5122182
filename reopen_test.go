package sentrial_test

import (
	"context"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestSessionRunAgain: a conversation that keeps its session id over many turns begins and ends with each of them, and counts on.
func TestSessionRunAgain(t *testing.T) {
	rec := sentrialtest.New(t)
	for _, turn := range []struct {
		name string
		err  error
	}{{"first", nil}, {"second", errBoom}, {"third", nil}} {
		err := rec.Client().Run(t.Context(), turn.name, func(ctx context.Context) error {
			sentrial.Decide(ctx, types.Decision{Chosen: turn.name})
			if turn.name == "first" {
				sentrial.SessionFromContext(ctx).SetResult(types.SessionResult{Summary: "of the first"})
			}
			return turn.err
		}, sentrial.WithSessionID("conversation"))
		if !same(err, turn.err) {
			t.Errorf("Run gave %v, want %v", err, turn.err)
		}
	}
	var ends []types.Status
	for _, e := range eventsOf(rec, types.EventSessionEnd) {
		ends = append(ends, e.Status)
		if first := len(ends) == 1; first != (e.Result.Summary == "of the first") {
			t.Errorf("end %d has the summary %q", len(ends), e.Result.Summary)
		}
	}
	if want := []types.Status{types.StatusSuccess, types.StatusError, types.StatusSuccess}; !slices.Equal(ends, want) {
		t.Errorf("the turns ended as %v, want %v", ends, want)
	}
	checkSeqs(t, rec, 10)
}

// TestSessionCreatedAgain is the same by hand: each CreateSession may be followed by a Close, of which the first counts.
func TestSessionCreatedAgain(t *testing.T) {
	rec := sentrialtest.New(t)
	for _, summary := range []string{"one", "two"} {
		ctx, session := rec.Client().CreateSession(t.Context(), "turn", sentrial.WithSessionID("conversation"))
		session.TrackStep(ctx, types.Step{Name: summary})
		session.Close(ctx, types.SessionResult{Summary: summary})
		session.Close(ctx, types.SessionResult{Summary: "again"})
	}
	var ends []string
	for _, e := range eventsOf(rec, types.EventSessionEnd) {
		ends = append(ends, e.Result.Summary)
	}
	if want := []string{"one", "two"}; !slices.Equal(ends, want) {
		t.Errorf("session_end says %q, want %q", ends, want)
	}
	checkSeqs(t, rec, 6)
	if s := rec.Sessions(); len(s) != 1 || s[0].Summary != "one" {
		t.Errorf("sessions = %+v, want one, as of its first end: that is what servers show", s)
	}
}

// checkSeqs wants events numbered from 1 to n.
func checkSeqs(t *testing.T, rec *sentrialtest.Recorder, n int) {
	t.Helper()
	var seqs, want []int64
	for i, e := range rec.Events() {
		seqs, want = append(seqs, e.Seq), append(want, int64(i+1))
	}
	if slices.Sort(seqs); len(seqs) != n || !slices.Equal(seqs, want) {
		t.Errorf("seqs %v, want 1 to %d", seqs, n)
	}
}
