package faults_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestRow17SlowLink has a link that is too slow for a full batch to get through within the time that a request may take, while half of one would.
func TestRow17SlowLink(t *testing.T) {
	t.Parallel()
	const (
		rate  = 64 // KB/s of each connection
		batch = 192 << 10
		size  = 4 << 10
	)
	server := receive(t)
	l := newLink(t, server.addr, toxic{Type: "bandwidth", Stream: upstream, Toxicity: 1, Attributes: attributes{"rate": rate}})
	a := newAgent(t, l.addr(), sentrial.WithBatchBytes(batch), sentrial.WithTimeout(2*time.Second))
	a.track(t, 2*batch/size, size)
	a.finish(t)
	storedOnce(t, server.file, a)
	if a.stats.Retries == 0 {
		t.Error("no request had to be repeated: the link was not slow and this proves nothing")
	}
}
