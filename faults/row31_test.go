//go:build netns && linux

package faults_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestRow31OneMegabit has a link of 1 Mbit/s, all connections together, once with the default settings and once with so little time for a request that a
// full batch cannot get through.
func TestRow31OneMegabit(t *testing.T) {
	t.Parallel()
	const size, events = 4 << 10, 384 // 1.5 MiB, of which compression leaves three quarters
	for _, c := range []struct {
		name    string
		options []sentrial.Option
	}{
		{"default settings", nil},
		{"batches take too long", []sentrial.Option{sentrial.WithTimeout(2 * time.Second)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ns := newNamespace(t)
			server := ns.receive(t)
			ns.narrow(t, "1mbit")
			a := newAgent(t, server.addr, c.options...)
			a.track(t, events, size)
			a.finish(t)
			t.Logf("%d connections were made", server.stop())
			storedOnce(t, server.file, a)
		})
	}
}
