package main

import (
	"maps"
	"sync"

	"github.com/sentrial/sentrial-go"
)

// drops are the losses that the program was told of.
type drops struct {
	mu     sync.Mutex
	reason map[string]sentrial.DropReason
}

func (d *drops) add(drop sentrial.Drop) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.reason == nil {
		d.reason = map[string]sentrial.DropReason{}
	}
	d.reason[drop.EventID] = drop.Reason
}

func (d *drops) byID() map[string]sentrial.DropReason {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.reason)
}
