package main

import (
	"math"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// poison is in the one event that some servers fail at.
const poison = "the-poison-event"

var (
	poisoned = &types.Step{Name: "poisoned", Input: poison}
	hostile  = &types.Step{Name: "bad \xff\xfe UTF-8", Input: map[string]any{"nan": math.NaN(), "inf": math.Inf(-1), "text": "\xc3\x28"}}
)

func rows() []row {
	type loss = map[sentrial.DropReason]int
	return []row{
		{
			name: "clean", title: "clean",
			peers: peers{"20000/0/0", "20000/0/0", "19993/0/7 ⁵", "20000/0/0", "20000/0/0", "20000/0/0"},
		},
		{
			name: "burst", title: "burst (no pacing)", burst: true,
			peers: peers{"7509/0/12491 ⁵", "20000/0/0", "1624/0/18376 ⁵", "6206/0/13794 ⁵", "20000/0/0", "20000/0/0"},
		},
		{
			name: "503", title: "20 % 503", fault: oneInFive(faultsink.Status(503)),
			peers: peers{"8192/0/11808", "20000/0/0", "15880/0/4120", "15880/0/4120", "20000/0/0", "19900/0/100"},
		},
		{
			name: "reply-lost", title: "20 % reply lost after commit", fault: oneInFive(faultsink.LoseReply),
			peers: peers{"20000/0/0 ¹", "20000/0/0 ¹", "19948/0/52 ⁵", "20000/0/0", "20000/6250/0", "20000/5900/0"},
		},
		{
			name: "outage-reset", title: "30 s outage, reset", fault: during(outage, faultsink.Reset), atMost: 15,
			peers: peers{"4640/0/15360", "4640/0/15360", "4752/0/15248", "4709/0/15291", "16504/0/3496", "5400/0/14600"},
		},
		{
			name: "outage-refused", title: "30 s outage, refused", refused: true, atMost: 15,
			peers: peers{"4640/0/15360", "4640/0/15360", "4878/0/15122", "", "16996/0/3004", "5301/0/14699"},
		},
		{
			name: "outage-503", title: "30 s outage, 503", fault: during(outage, faultsink.Status(503)), atMost: 15,
			peers: peers{"6505/0/13495", "20000/0/0 ²", "", "", "15501/0/4499", "5400/0/14600"},
		},
		{
			name: "413", title: "413 above 100 events", fault: above(faultsink.Limits{Events: 100}), atMost: 20,
			peers: peers{"18/0/19982", "32/0/19968", "", "", "32/0/19968", "5/0/19995"},
		},
		{
			name: "429", title: "2 s of 429, Retry-After date", fault: during(2*time.Second, faultsink.Status(429, faultsink.RetryAfterDate(2*time.Second, 0))),
			peers: peers{"15640/0/4360", "20000/0/0", "18680/0/1320", "18880/0/1120", "20000/0/0 ³", "20000/0/0"},
		},
		{
			name: "poison-400", title: "poison event (400)", fault: holding(faultsink.Status(400)), odd: poisoned, dropped: loss{sentrial.DropRejected: 1}, atMost: 30,
			peers: peers{"18944/0/1056 ⁵", "19488/0/512", "19935/0/65 ⁵", "19999/0/1", "19750/0/250", "19900/0/100"},
		},
		{
			name: "poison-500", title: "poison event (500)", fault: holding(faultsink.Status(500)), odd: poisoned, dropped: loss{sentrial.DropPoison: 1}, atMost: 30,
			peers: peers{"19488/0/512", "19488/0/512", "", "", "19999/0/1", ""},
		},
		{
			name: "nan", title: "an event with NaN, bad UTF-8", odd: hostile,
			peers: peers{"19488/0/512", "19488/0/512", "20000/0/0", "19999/0/1", "19999/0/1", "19999/0/1"},
		},
		{
			name: "hang", title: "one request hangs", fault: second(faultsink.Hang), atMost: 1,
			peers: peers{"4096/0/15904", "20000/0/0", "8999/0/11001", "8998/0/11002", "19750/0/250", "19900/0/100"},
		},
		{
			name: "redirect", title: "one 307 to another host", fault: second(faultsink.Redirect(307)), atMost: 1,
			peers: peers{"4488/0/512 ⁴", "4488/0/512 ⁴", "4999/0/1 ⁴", "4999/0/1 ⁴", "4750/0/250 ⁴", ""},
		},
		{
			name: "cut", title: "20 % reply truncated", fault: oneInFive(faultsink.Cut(faultsink.Accept)),
			peers: peers{"20000/0/0", "20000/0/0", "", "", "20000/0/0", "20000/0/0"},
		},
		{
			name: "portal", title: "20 % captive portal", fault: oneInFive(faultsink.Portal),
			peers: peers{"15904/0/4096", "15904/0/4096", "", "", "14750/0/5250", "14700/0/5300"},
		},
	}
}
