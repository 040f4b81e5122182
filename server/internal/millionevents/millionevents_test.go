package millionevents_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/millionevents"
	"github.com/sentrial/sentrial-go/types"
)

var end = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func all(seed uint64, n int) (text []byte) {
	for line := range millionevents.Lines(millionevents.Config{Seed: seed, Events: n, End: end}) {
		text = append(append(text, line...), '\n')
	}
	return text
}

func TestSameSeedSameEvents(t *testing.T) {
	if !bytes.Equal(all(7, 2000), all(7, 2000)) {
		t.Error("two runs of a seed differ")
	}
	if bytes.Equal(all(7, 100), all(8, 100)) {
		t.Error("two seeds agree")
	}
}

// TestEventsAreWhatTheyShould reads them as a client of the API would.
func TestEventsAreWhatTheyShould(t *testing.T) {
	const n = 20_000
	text := all(1, n)
	if mean := len(text) / n; mean < 1300 || mean > 1700 {
		t.Errorf("%d bytes an event, want about 1,500", mean)
	}
	ids, sessions, failed := make(map[string]bool), make(map[string]int64), 0
	for line := range bytes.Lines(text) {
		var e types.Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if sessions[e.SessionID]++; e.Seq != sessions[e.SessionID] {
			t.Errorf("event %s has seq %d, want %d", e.ID, e.Seq, sessions[e.SessionID])
		}
		if e.Timestamp.Before(end.Add(-millionevents.Span)) || e.Timestamp.After(end.Add(time.Hour)) {
			t.Errorf("event %s happens at %s", e.ID, e.Timestamp)
		}
		if e.Status == types.StatusError {
			failed++
		}
		ids[e.ID] = true
	}
	if len(ids) != n || len(sessions) < n/millionevents.PerSession || failed == 0 || failed > n/10 {
		t.Errorf("%d ids, %d sessions, %d failures", len(ids), len(sessions), failed)
	}
}

// TestWordsFollowTheirRanks is what searches for frequent and rare words rest on.
func TestWordsFollowTheirRanks(t *testing.T) {
	text, seen := string(all(1, 20_000)), make(map[string]bool)
	count := func(rank int) int { return strings.Count(text, millionevents.Word(rank)) }
	if often, seldom, rare := count(0), count(100), count(15_000); often < 10*seldom || seldom < 10*rare || rare == 0 {
		t.Errorf("words of rank 0, 100 and 15,000 occur %d, %d and %d times", often, seldom, rare)
	}
	for rank := range 20_000 {
		word := millionevents.Word(rank)
		if seen[word] {
			t.Errorf("%s is the word of two ranks", word)
		}
		seen[word] = true
	}
}

func BenchmarkLines(b *testing.B) {
	n := 0
	for line := range millionevents.Lines(millionevents.Config{Events: b.N, End: end}) {
		n += len(line)
	}
	b.SetBytes(int64(n / b.N))
}
