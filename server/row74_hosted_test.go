package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// manyNulls is metadata in which as many members as fit into a request are null.
func manyNulls(prefix string) string {
	var members []string
	for i := range 45_000 {
		members = append(members, fmt.Sprintf(`"%s%d":null`, prefix, i))
	}
	return `"metadata":{` + strings.Join(members, ",") + `}`
}

// TestRow74NullsOnTheHostedWire: what the SDK says of the user's names, and ten thousands of times, costs what other names do.
func TestRow74NullsOnTheHostedWire(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	took := func(metadata string) (best time.Duration) {
		for n := range 3 {
			began := time.Now()
			a.must("POST", "/events", hostedEvent(id, "tool_call", metadata), "Sentrial-Client", "c1")
			if d := time.Since(began); n == 0 || d < best {
				best = d
			}
		}
		return best
	}
	theirs, ours := took(manyNulls("plainest_")), took(manyNulls("sentrial_"))
	if ours > 20*theirs {
		t.Errorf("names of the SDK's took %v, others %v", ours, theirs)
	}
}

// TestRow74ChainsOnTheHostedWire has names that are taken again and again.
func TestRow74ChainsOnTheHostedWire(t *testing.T) {
	a := newApp(t)
	id := a.openSession()
	var chain []string
	for i := range 400 {
		chain = append(chain, fmt.Sprintf(`"%sx":null`, strings.Repeat("sentrial_", i)))
	}
	a.must("POST", "/events", hostedEvent(id, "tool_call", `"x":1,"metadata":{`+strings.Join(chain, ",")+`}`), "Sentrial-Client", "c1")
	_, events := a.read(id)
	same(t, "what is kept", len(events), 2)
}
