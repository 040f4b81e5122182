package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"sync"
)

// ledger is what the receiver has stored: by the number of an event, a fingerprint of the id under which it came. It is kept in memory and in a file, so that
// a receiver that was killed has a successor that knows the same. It is safe for concurrent use.
type ledger struct {
	mu    sync.Mutex
	file  *os.File
	marks []uint64 // by event number, 0 = not stored
	odd   uint64   // events that came under a second id, or with a number that was never given
}

// event is what a ledger wants to know of one.
type event struct {
	ID        string
	ToolInput struct{ N *uint64 } `json:"tool_input"`
}

// number is the event's own number. An event without one has a number that none was given.
func (e event) number() uint64 {
	if e.ToolInput.N == nil {
		return ^uint64(0)
	}
	return *e.ToolInput.N
}

const wordBytes = 8

// openLedger opens or makes the ledger of that many events. The file is the odd count, then the fingerprints.
func openLedger(name string, events uint64) (*ledger, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	words := make([]uint64, events+1)
	content := io.NewSectionReader(file, 0, int64(len(words))*wordBytes)
	if err := binary.Read(content, binary.NativeEndian, words); err != nil {
		if err := file.Truncate(content.Size()); err != nil { // it was new
			return nil, errors.Join(err, file.Close())
		}
	}
	return &ledger{file: file, odd: words[0], marks: words[1:]}, nil
}

func (l *ledger) close() error { return l.file.Close() }

// store takes a batch, but for every forget-th event, and says how many of its events are new. They are in the file when it returns.
func (l *ledger) store(batch []event, forget uint64) (accepted, duplicates int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	odd := l.odd
	var changed []uint64
	for _, e := range batch {
		n, mark := e.number(), fingerprint(e.ID)
		switch {
		case n >= uint64(len(l.marks)):
			l.odd++
		case l.marks[n] == mark:
			duplicates++
			continue
		case l.marks[n] != 0:
			l.odd++
		case forget == 0 || (n+1)%forget != 0:
			l.marks[n] = mark
			changed = append(changed, n)
		}
		accepted++
	}
	if l.odd != odd {
		err = l.write(0, []uint64{l.odd})
	}
	return accepted, duplicates, errors.Join(err, l.save(changed))
}

// fingerprint is a number for an id, never 0.
func fingerprint(id string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, id)
	return h.Sum64() | 1
}

// save writes the fingerprints of the given events, near ones together.
func (l *ledger) save(numbers []uint64) error {
	const near = 512 // words: writing so many costs less than another call
	slices.Sort(numbers)
	for len(numbers) > 0 {
		last := 0
		for last+1 < len(numbers) && numbers[last+1]-numbers[last] <= near {
			last++
		}
		first := numbers[0]
		if err := l.write(first+1, l.marks[first:numbers[last]+1]); err != nil {
			return err
		}
		numbers = numbers[last+1:]
	}
	return nil
}

func (l *ledger) write(word uint64, values []uint64) error {
	buf := make([]byte, 0, len(values)*wordBytes)
	for _, v := range values {
		buf = binary.NativeEndian.AppendUint64(buf, v)
	}
	_, err := l.file.WriteAt(buf, int64(word)*wordBytes)
	return err
}

// check says what is wrong with the ledger at the end of a run: every event is to be there once, under an id of its own.
func (l *ledger) check() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := 0
	stored := make([]uint64, 0, len(l.marks))
	for _, mark := range l.marks {
		if mark == 0 {
			lost++
			continue
		}
		stored = append(stored, mark)
	}
	slices.Sort(stored)
	ids := len(slices.Compact(stored))
	var problems []error
	if lost > 0 {
		problems = append(problems, fmt.Errorf("%d of %d events are lost, the first is number %d", lost, len(l.marks), slices.Index(l.marks, 0)))
	}
	if shared := len(l.marks) - lost - ids; shared > 0 {
		problems = append(problems, fmt.Errorf("%d events have an id that another one has", shared))
	}
	if l.odd > 0 {
		problems = append(problems, fmt.Errorf("%d events came under a second id, or were never sent", l.odd))
	}
	return errors.Join(problems...)
}
