package main

import (
	"strings"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// The hosted wire has one event in a request and no ids of the sender's: what comes twice is stored twice. So an event is not sent again once it may have been read
// and the reply was lost: it is uncertain. Nothing else may be lost, and nothing stored twice.

// huge is an event above hugeLimit, which all others are far below.
var huge = &types.Step{Name: "huge", Input: strings.Repeat("huge ", hugeLimit/5)}

const hugeLimit = 20_000

// tenth answers a tenth of all requests so.
func tenth(step faultsink.Step) func(load) faultsink.Rule {
	return func(load) faultsink.Rule { return faultsink.When(faultsink.Chance(0.1, seed), step) }
}

// creations answers a fifth of the requests that create a session so.
func creations(step faultsink.Step) func(load) faultsink.Rule {
	return func(load) faultsink.Rule {
		return faultsink.When(faultsink.All(faultsink.Creating, faultsink.Chance(0.2, seed)), step)
	}
}

func hostedRows() []row {
	type loss = map[sentrial.DropReason]int
	table := []row{
		{name: "clean", title: "clean"},
		{name: "burst", title: "burst (no pacing)", burst: true},
		{name: "503", title: "10 % 503", fault: tenth(faultsink.Status(503))},
		{name: "500", title: "10 % 500", fault: tenth(faultsink.Status(500))},
		{name: "502", title: "10 % 502 from a gateway", fault: tenth(faultsink.Status(502)), uncertain: surely},
		{name: "reply-lost", title: "10 % reply lost after commit", fault: tenth(faultsink.LoseReply), uncertain: surely, twins: true},
		{name: "session-lost", title: "20 % of sessions: reply lost", fault: creations(faultsink.LoseReply), twins: true},
		{name: "outage-reset", title: "30 s outage, reset", fault: during(outage, faultsink.Reset), uncertain: maybe, atMost: 15},
		{name: "outage-refused", title: "30 s outage, refused", refused: true, atMost: 15},
		{name: "outage-503", title: "30 s outage, 503", fault: during(outage, faultsink.Status(503)), atMost: 15},
		{name: "413", title: "413 for a long event", fault: above(faultsink.Limits{WireBytes: hugeLimit}), odd: huge, dropped: loss{sentrial.DropTooLarge: 1}, atMost: 1},
		{name: "429", title: "2 s of 429, Retry-After date", fault: during(2*time.Second, faultsink.Status(429, faultsink.RetryAfterDate(2*time.Second, 0)))},
		{name: "poison-400", title: "poison event (400)", fault: holding(faultsink.Status(400)), odd: poisoned, dropped: loss{sentrial.DropRejected: 1}, atMost: 1},
		{name: "poison-500", title: "poison event (500)", fault: holding(faultsink.Status(500)), odd: poisoned, dropped: loss{sentrial.DropPoison: 1}, atMost: 10},
		{name: "nan", title: "an event with NaN, bad UTF-8", odd: hostile},
		{name: "hang", title: "one request hangs", fault: nth(50, faultsink.Hang), uncertain: surely, atMost: 1},
		{name: "redirect", title: "one 307 to another host", fault: nth(50, faultsink.Redirect(307)), atMost: 1},
		{name: "cut", title: "10 % reply truncated", fault: tenth(faultsink.Cut(faultsink.Accept)), uncertain: surely, twins: true},
		{name: "portal", title: "10 % captive portal", fault: tenth(faultsink.Portal)},
	}
	for i := range table {
		table[i].hosted = true
	}
	return table
}
