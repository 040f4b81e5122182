package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/millionevents"
)

// aMillion is how many events the days of the measurement have: fewer are the first of them, so that as much happens in an hour.
const aMillion = 1_000_000

// makeBodies sends the events as requests' bodies, with one more at the end that has lastWord.
func makeBodies(ctx context.Context, events, batch int, bodies chan<- []byte) error {
	now := time.Now().UTC()
	body, n := openBody(now), 0
	flush := func() error {
		if n == 0 {
			return nil
		}
		select {
		case bodies <- append(slices.Clip(body), `]}`...):
		case <-ctx.Done():
			return ctx.Err()
		}
		body, n = openBody(now), 0
		return nil
	}
	made := 0
	for line := range millionevents.Lines(millionevents.Config{Seed: seed, Events: max(events, aMillion), End: now}) {
		if made++; made > events {
			break
		}
		if n > 0 {
			body = append(body, ',')
		}
		body = append(body, line...)
		if n++; n == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if n > 0 {
		body = append(body, ',')
	}
	n++
	body = fmt.Appendf(body, `{"id":"evt_last","type":"step","session_id":"sess_last","timestamp":"%s","name":"%s"}`, now.Format(time.RFC3339Nano), lastWord)
	return flush()
}

// writeEvents writes the events that makeBodies sends, one a line.
func writeEvents(file string, events int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	for line := range millionevents.Lines(millionevents.Config{Seed: seed, Events: events, End: time.Now().UTC()}) {
		_, _ = out.Write(line)
		_ = out.WriteByte('\n') // Flush tells
	}
	return errors.Join(out.Flush(), f.Close())
}

func openBody(now time.Time) []byte {
	return fmt.Appendf(nil, `{"client":{"id":"bench","sdk":"benchserver"},"sent_at":"%s","events":[`, now.Format(time.RFC3339Nano))
}

// searchWords are two words each, by how often they occur.
var searchWords = []struct{ name, words string }{
	{"two frequent words", millionevents.Word(3) + " " + millionevents.Word(5)},
	{"a frequent and a rare word", millionevents.Word(3) + " " + millionevents.Word(15_000)},
	{"two words in between", millionevents.Word(1000) + " " + millionevents.Word(1500)},
	{"two rare words", millionevents.Word(14_000) + " " + millionevents.Word(17_000)},
	{"words that nobody said", "nowhereatall either"},
	{"the first letters of a word", millionevents.Word(40)[:3]},
}
