package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func numbered(id string, n uint64) event {
	e := event{ID: id}
	e.ToolInput.N = &n
	return e
}

func open(t *testing.T, file string, events uint64) *ledger {
	t.Helper()
	l, err := openLedger(file, events)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.close() })
	return l
}

func TestLedgerTellsNewFromStored(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "ledger"), 3)
	batch := []event{numbered("a", 0), numbered("b", 1)}
	if accepted, duplicates, err := l.store(batch, 0); accepted != 2 || duplicates != 0 || err != nil {
		t.Fatalf("first time: %d, %d, %v, want both accepted", accepted, duplicates, err)
	}
	batch = append(batch, numbered("c", 2))
	if accepted, duplicates, err := l.store(batch, 0); accepted != 1 || duplicates != 2 || err != nil {
		t.Fatalf("second time: %d, %d, %v, want one accepted, two duplicates", accepted, duplicates, err)
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
}

func TestLedgerFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		batch []event
		want  string
	}{
		"lost":               {[]event{numbered("a", 0)}, "1 of 2 events are lost, the first is number 1"},
		"two events, one id": {[]event{numbered("a", 0), numbered("a", 1)}, "1 events have an id that another one has"},
		"one event, two ids": {[]event{numbered("a", 0), numbered("b", 1), numbered("c", 1)}, "1 events came under a second id"},
		"never sent":         {[]event{numbered("a", 0), numbered("b", 1), numbered("c", 2)}, "or were never sent"},
		"no number":          {[]event{numbered("a", 0), numbered("b", 1), {ID: "c"}}, "or were never sent"},
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t, filepath.Join(t.TempDir(), "ledger"), 2)
			if _, _, err := l.store(c.batch, 0); err != nil {
				t.Fatal(err)
			}
			if err := l.check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("check = %v, want %q", err, c.want)
			}
		})
	}
}

// TestLedgerSurvivesItsProcess opens the file a second time, as the receiver does that comes after one that was killed.
func TestLedgerSurvivesItsProcess(t *testing.T) {
	const events = 10_000
	file := filepath.Join(t.TempDir(), "ledger")
	before := open(t, file, events)
	stored := []event{numbered("near", 1), numbered("a", 0), numbered("far", events-1), numbered("odd", events)}
	if _, _, err := before.store(stored, 0); err != nil {
		t.Fatal(err)
	}
	after := open(t, file, events)
	if accepted, duplicates, err := after.store(stored[:3], 0); accepted != 0 || duplicates != 3 || err != nil {
		t.Errorf("store = %d, %d, %v, want three duplicates", accepted, duplicates, err)
	}
	if after.odd != 1 {
		t.Errorf("odd = %d, want 1", after.odd)
	}
}
