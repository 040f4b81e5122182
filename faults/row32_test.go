//go:build netns && linux

package faults_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestRow32TenPercentLoss drops a tenth of the packets of both directions.
func TestRow32TenPercentLoss(t *testing.T) {
	t.Parallel()
	ns := newNamespace(t)
	server := ns.receive(t)
	ns.drop(t, "-m", "statistic", "--mode", "random", "--probability", "0.1")
	a := newAgent(t, server.addr, sentrial.WithBatchBytes(32<<10))
	for range 20 {
		a.track(t, 40, 2<<10)
		a.flush(t)
	}
	a.finish(t)
	ns.restore(t)
	t.Logf("%d connections were made", server.stop())
	storedOnce(t, server.file, a)
}

// TestRow32SilentBlackhole drops every packet for a minute, while a connection is open and in use, and tells nobody. The client has to notice within the time
// that a request may take, and to go on with another connection afterwards.
func TestRow32SilentBlackhole(t *testing.T) {
	t.Parallel()
	const (
		blackhole = time.Minute
		timeout   = 10 * time.Second
		noticed   = 15 * time.Second // at the latest
	)
	ns := newNamespace(t)
	server := ns.receive(t)
	a := newAgent(t, server.addr, sentrial.WithTimeout(timeout))
	a.track(t, 100, 1<<10)
	a.flush(t)

	ns.drop(t)
	over := time.After(blackhole)
	a.track(t, 100, 1<<10)
	a.awaitTrouble(t, noticed)
	delivered := a.client.Stats().Delivered
	<-over
	if now := a.client.Stats(); now.Delivered != delivered {
		t.Errorf("%d events were delivered into the blackhole", now.Delivered-delivered)
	}
	ns.restore(t)

	a.track(t, 100, 1<<10)
	a.finish(t)
	if connections := server.stop(); connections < 2 {
		t.Errorf("%d connections were made, want the dead one replaced", connections)
	}
	storedOnce(t, server.file, a)
}

// TestRow32IdleConnectionDies drops every packet while a connection is open and nothing is sent. The kernel's probes find it dead, so that the next request is
// not lost on it.
func TestRow32IdleConnectionDies(t *testing.T) {
	t.Parallel()
	ns := newNamespace(t)
	server := ns.receive(t)
	a := newAgent(t, server.addr)
	a.track(t, 100, 1<<10)
	a.flush(t)

	ns.drop(t)
	<-time.After(20 * time.Second)
	ns.restore(t)

	a.track(t, 100, 1<<10)
	a.finish(t)
	if connections := server.stop(); connections < 2 || a.stats.Retries > 0 {
		t.Errorf("%d connections were made and %d requests failed, want the dead connection replaced before it is used", connections, a.stats.Retries)
	}
	storedOnce(t, server.file, a)
}
