package sentrialtest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestEventsOfOneInstant stand by session, and in a session by seq, however they arrive.
func TestEventsOfOneInstant(t *testing.T) {
	var all []string
	for i := range 40 {
		session := []string{"s", "t", "u"}[i%3]
		all = append(all, fmt.Sprintf(`{"id":"%[1]s%[2]d","type":"step","session_id":%[1]q,"seq":%[2]d,"timestamp":"2026-01-02T03:04:05Z"}`, session, i+1))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		rec := sentrialtest.New(t)
		sentrialtest.Deliver(rec, all...)
		if events := rec.Events(); !together(events) {
			t.Fatalf("the events stand in the order %v", ids(events))
		}
	}
}

func together(events []types.Event) bool {
	var sessions []string
	for i, e := range events {
		if i > 0 && events[i-1].SessionID == e.SessionID {
			if events[i-1].Seq > e.Seq {
				return false
			}
			continue
		}
		if slices.Contains(sessions, e.SessionID) {
			return false
		}
		sessions = append(sessions, e.SessionID)
	}
	return true
}

func ids(events []types.Event) (ids []string) {
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	return ids
}
