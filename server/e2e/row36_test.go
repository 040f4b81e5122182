package e2e_test

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// closingChild records as many tool calls as its argument says, closes its client, and is gone at once.
var closingChild = asChild("closing", func() {
	calls, err := strconv.Atoi(os.Args[1])
	must(err)
	client, err := sentrial.New()
	must(err)
	ctx, session := client.CreateSession(context.Background(), os.Args[1])
	track(session, 0, calls)
	session.Close(ctx, types.SessionResult{})
	must(client.Close(ctx))
	os.Exit(0)
})

// Rounds of many sizes: one request, and several; a batch that is just full, and one that has just begun.
func TestRow36ExitRightAfterTheLastEventWithClose(t *testing.T) {
	to, _ := serveBehind(t, straight)
	p := child(t, closingChild, to)
	sizes := []int{0, 1, 997, 998, 999, 5000}
	for round := range 30 {
		sizes = append(sizes, 2+round*round)
	}
	for _, calls := range sizes {
		p.mustRun(t, strconv.Itoa(calls))
	}
	sessions := to.sessions(t)
	if len(sessions) != len(sizes) {
		t.Fatalf("the server has %d sessions, want %d", len(sessions), len(sizes))
	}
	for i, session := range sessions {
		closedWhole(t, to, session, sizes[i])
	}
}

// The same when the network is at its worst just then.
func TestRow36ExitRightAfterCloseThatHadToSendTwice(t *testing.T) {
	for name, wrap := range map[string]func(http.Handler) http.Handler{"a lost reply": losingTheFirstReply, "an outage": failingFirst} {
		t.Run(name, func(t *testing.T) {
			to, _ := serveBehind(t, wrap)
			p := child(t, closingChild, to)
			p.set("SENTRIAL_COMPRESSION", "gzip")
			p.mustRun(t, "1500")
			closedWhole(t, to, to.onlySession(t), 1500)
		})
	}
}

// closedWhole checks that a session ended well, with every tool call there once and in order.
func closedWhole(t *testing.T, to ingestion, session types.Session, calls int) {
	t.Helper()
	events := to.stored(t, session.ID)
	if session.Name != strconv.Itoa(calls) || session.Status != types.StatusSuccess || len(events) != calls+2 || session.Events != calls+2 {
		t.Fatalf("session %s is %s with %d events and counts %d, want %d", session.Name, session.Status, len(events), session.Events, calls+2)
	}
	if got := inputs(t, events); !slices.Equal(got, count(0, calls)) {
		t.Errorf("session %s has %d tool calls, not each of %d once", session.Name, len(got), calls)
	}
	unbroken(t, events)
}
