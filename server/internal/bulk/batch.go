package bulk

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

// What a server takes in one request, by default.
const (
	maxEvents = 1000
	maxBytes  = 4 << 20
)

// batch is a request in the making: events of one client, and what was found wrong on the way.
type batch struct {
	place   func(number int64) string
	client  []byte
	events  [][]byte
	numbers []int64 // of the events in the file
	size    int
	wrong   []Reason
	last    int64 // number of the event up to which all is accounted for behind this batch; 0 = others have to be sent first
}

// body is the request.
func (b *batch) body() []byte {
	out := make([]byte, 0, b.size+len(b.client)+32)
	out = append(out, '{')
	if b.client != nil {
		out = append(append(append(out, `"client":`...), b.client...), ',')
	}
	out = append(out, `"events":[`...)
	for i, e := range b.events {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, e...)
	}
	return append(out, "]}"...)
}

// halves are two batches of what is in b.
func (b *batch) halves() (first, second *batch) {
	at := len(b.events) / 2
	return b.part(0, at), b.part(at, len(b.events))
}

func (b *batch) part(from, to int) *batch {
	p := &batch{place: b.place, client: b.client, events: b.events[from:to], numbers: b.numbers[from:to]}
	for _, e := range p.events {
		p.size += len(e) + 1
	}
	return p
}

// find returns the number of the event that a rejection is about. Two events of one id are told apart by their order; taken holds those that
// are accounted for.
func (b *batch) find(r apiclient.Rejection, taken map[int]bool) int64 {
	if index, found := strings.CutPrefix(r.ID, "#"); found {
		if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < len(b.numbers) {
			return b.numbers[n]
		}
	}
	for i, raw := range b.events {
		var e struct {
			ID string `json:"id"`
		}
		if taken[i] || !bytes.Contains(raw, []byte(r.ID)) || json.Unmarshal(raw, &e) != nil || e.ID != r.ID {
			continue
		}
		taken[i] = true
		return b.numbers[i]
	}
	return b.numbers[len(b.numbers)-1]
}
