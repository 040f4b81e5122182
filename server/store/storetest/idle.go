package storetest

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// silentSessions are active until they have been silent for too long, and again with the next event.
func silentSessions(t *testing.T, f *fixture) {
	minute := func(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }
	f.ingestAt(minute(1), event(types.EventStep, "e1", 0, in("silent")), event(types.EventSessionEnd, "e2", 0, in("ended"), status(types.StatusSuccess)))
	f.ingestAt(minute(5), event(types.EventStep, "e3", 0, in("busy")))
	f.ingestAt(minute(9), event(types.EventStep, "e1", 0, in("silent"))) // a duplicate is no sign of life
	for _, c := range []struct {
		idleBefore        time.Time
		active, abandoned string
	}{
		{time.Time{}, "silent busy", ""},
		{minute(1), "silent busy", ""},
		{minute(1).Add(1), "busy", "silent"},
		{minute(60), "", "silent busy"},
	} {
		f.wantStatus(types.StatusActive, c.idleBefore, c.active)
		f.wantStatus(types.StatusAbandoned, c.idleBefore, c.abandoned)
		f.wantStatus(types.StatusSuccess, c.idleBefore, "ended")
	}
	f.ingestAt(minute(10), event(types.EventStep, "e4", 0, in("silent")))
	f.wantStatus(types.StatusActive, minute(7), "silent")
	want(t, "last received", f.session("silent").LastReceivedAt, minute(10))
	f.ingestAt(minute(2), event(types.EventStep, "e5", 0, in("silent")))
	want(t, "last received, after a clock went back", f.session("silent").LastReceivedAt, minute(10))
}

// wantStatus checks that the filter finds the sessions that are shown so, and no others.
func (f *fixture) wantStatus(status types.Status, idleBefore time.Time, ids string) {
	f.t.Helper()
	found := map[string]bool{}
	for _, s := range f.sessions(store.SessionQuery{Status: status, IdleBefore: idleBefore}).Sessions {
		found[s.ID] = true
	}
	for _, s := range f.sessions(store.SessionQuery{}).Sessions {
		if shown := s.StatusAt(idleBefore) == status; shown != found[s.ID] {
			f.t.Errorf("%s is shown as %s: %v, found: %v", s.ID, status, shown, found[s.ID])
		}
	}
	want(f.t, string(status), found, set(ids))
}
