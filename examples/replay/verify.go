package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// verify reads the files once more and holds every session against what the server says about it.
func verify(ctx context.Context, client *sentrial.Client, files []source, parallel int) error {
	return eachRun(ctx, files, parallel, func(ctx context.Context, want []types.Event) error {
		if err := verifySession(ctx, client, want); err != nil {
			return fmt.Errorf("session %s on the server is not the run in the file: %w", want[0].SessionID, err)
		}
		return nil
	})
}

func verifySession(ctx context.Context, client *sentrial.Client, want []types.Event) error {
	session, err := client.GetSession(ctx, want[0].SessionID)
	if err != nil {
		return err
	}
	if session.Events != len(want) || session.Status != want[len(want)-1].Result.Status {
		return fmt.Errorf("it has %d events and status %s, want %d and %s", session.Events, session.Status, len(want), want[len(want)-1].Result.Status)
	}
	n, shift := 0, time.Duration(0)
	for got, err := range client.Events(ctx, session.ID) {
		if err != nil {
			return err
		}
		if n == len(want) {
			return fmt.Errorf("event %s is one too many", got.ID)
		}
		if n == 0 { // another copy of the file has another time, and the first copy's events are the ones that are kept
			shift = got.Timestamp.Sub(want[0].Timestamp)
		}
		if err := same(got, &want[n], shift); err != nil {
			return err
		}
		n++
	}
	if n != len(want) {
		return fmt.Errorf("it lists %d events, want %d", n, len(want))
	}
	return nil
}

// same compares an event in its place with what was sent, all of it but what the server adds. All times of a session may be off by the same shift.
func same(got, want *types.Event, shift time.Duration) error {
	if got.ID != want.ID || got.Seq != want.Seq {
		return fmt.Errorf("event %s, seq %d, is where %s, seq %d, should be", got.ID, got.Seq, want.ID, want.Seq)
	}
	got.Extra, got.Timestamp = nil, got.Timestamp.Add(-shift)
	received, err := json.Marshal(got)
	if err != nil {
		return err
	}
	sent, err := canonical(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(received, sent) {
		return fmt.Errorf("event %s has other content; was another file of this name replayed before?\n  server: %s\n  file:   %s", got.ID, received, sent)
	}
	return nil
}

// canonical is the JSON of an event as one that was read has it: with the keys of its objects sorted and its numbers
// written the shortest way.
func canonical(e *types.Event) ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var read types.Event
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	return json.Marshal(&read)
}
