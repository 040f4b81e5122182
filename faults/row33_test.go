package faults_test

import (
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestRow33LatencySlicerResets has several clients behind a link on which nothing is quick, nothing comes in one piece, and no connection lives long. At first
// every reply is cut after its events were stored, until each client has run into that. From then on connections are cut, reset or stalled at random.
func TestRow33LatencySlicerResets(t *testing.T) {
	t.Parallel()
	const (
		clients = 8
		events  = 56
		size    = 2 << 10
		batch   = 32 << 10
	)
	server := receive(t)
	cutReply := toxic{Type: "limit_data", Stream: downstream, Toxicity: 1, Attributes: attributes{"bytes": 120}}
	l := newLink(t, server.addr,
		toxic{Type: "latency", Stream: upstream, Toxicity: 1, Attributes: attributes{"latency": 300, "jitter": 200}},
		toxic{Type: "slicer", Stream: upstream, Toxicity: 1, Attributes: attributes{"average_size": 2048, "size_variation": 1024, "delay": 50}},
		toxic{Type: "bandwidth", Stream: upstream, Toxicity: 1, Attributes: attributes{"rate": 512}},
		toxic{Type: "limit_data", Stream: upstream, Toxicity: 1, Attributes: attributes{"bytes": 2*batch + batch/2}}, // in the middle of a third batch
		toxic{Type: "reset_peer", Stream: upstream, Toxicity: 0.05, Attributes: attributes{"timeout": 200}},
		toxic{Type: "latency", Stream: downstream, Toxicity: 1, Attributes: attributes{"latency": 300, "jitter": 200}},
		toxic{Type: "slicer", Stream: downstream, Toxicity: 1, Attributes: attributes{"average_size": 40, "size_variation": 20, "delay": 100}},
		toxic{Type: "reset_peer", Stream: downstream, Toxicity: 0.05, Attributes: attributes{"timeout": 0}},
		toxic{Type: "timeout", Stream: downstream, Toxicity: 0.05, Attributes: attributes{"timeout": 1000}},
		cutReply,
	)
	var agents []*agent
	for range clients {
		a := newAgent(t, l.addr(), sentrial.WithBatchBytes(batch), sentrial.WithTimeout(5*time.Second))
		a.track(t, events, size)
		agents = append(agents, a)
	}
	for _, a := range agents {
		a.awaitTrouble(t, closeWithin)
	}
	cutReply.Toxicity = 0.05
	l.change(t, cutReply)
	finish(t, agents)
	storedOnce(t, server.file, agents...)
	var batches uint64
	for _, a := range agents {
		batches += a.stats.Requests - a.stats.Retries
	}
	if answered := server.answered(t); answered <= batches {
		t.Errorf("%d batches were answered %d times although replies were cut: this proves nothing", batches, answered)
	}
	t.Logf("%d connections were made", server.connections.Load())
}

// finish closes all agents at the same time.
func finish(t *testing.T, agents []*agent) {
	t.Helper()
	var wg sync.WaitGroup
	for _, a := range agents {
		wg.Go(func() { a.finish(t) })
	}
	wg.Wait()
}
