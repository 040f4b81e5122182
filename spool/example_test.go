package spool_test

import (
	"fmt"
	"os"

	"github.com/sentrial/sentrial-go/spool"
)

// A process ends before it has delivered its records; the next one finds them.
func Example() {
	path, err := os.MkdirTemp("", "spool")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(path)
	dir, err := spool.Open(path, spool.Options{})
	if err != nil {
		panic(err) // a client would go on in memory
	}
	segment, err := dir.Create(64 << 10)
	if err != nil {
		panic(err)
	}
	frames, at := segment.Frames(), 0
	for _, record := range []string{"delivered", "not delivered"} {
		copy(frames.Put(at, len(record)), record)
		frames.Commit(at) // from here on it survives a kill -9
		at += spool.FrameBytes(len(record))
	}
	frames.Settle(0)
	_ = segment.Close() // as the system does when a process dies

	for orphan, err := range dir.Orphans() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for frame := range orphan.Frames().All() {
			if frame.State == spool.Committed {
				fmt.Printf("%s\n", frame.Payload)
			}
		}
		_ = orphan.Remove()
	}
	// Output: not delivered
}
