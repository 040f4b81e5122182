package main

import (
	"context"
	"errors"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

var errStuck = errors.New("did not return within five seconds after its deadline")

// closePeer closes a peer and gives up on one that does not come back: some know no deadline.
func closePeer(p peer.Peer, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- p.Close(ctx) }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience + 5*time.Second):
		return errStuck
	}
}
