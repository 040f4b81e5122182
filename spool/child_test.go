package spool_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// The test binary plays a part of its own when roleVariable is set: "hold", "write", or "unmapped", which writes where files
// cannot be mapped.
const (
	roleVariable = "SPOOLTEST_ROLE"
	pathVariable = "SPOOLTEST_PATH"
	seedVariable = "SPOOLTEST_SEED"
)

// child is a process that a test may kill.
type child struct {
	*exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
}

func start(t *testing.T, role, path string, seed uint64) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, pathVariable+"="+path, seedVariable+"="+strconv.FormatUint(seed, 10))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &child{Cmd: cmd, lines: bufio.NewScanner(out), stdin: in}
}

// kill ends the process as kill -9 does, and gives what it had said and nobody had read.
func (c *child) kill() (rest []string) {
	_ = c.Process.Kill()
	for c.lines.Scan() {
		rest = append(rest, c.lines.Text())
	}
	_ = c.Wait() // it says that it was killed
	return rest
}

// play is the other side.
func play(role string) {
	seed, _ := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	dir, err := spool.OpenOn(func() (spool.Disk, error) {
		d, err := spool.SystemDisk(os.Getenv(pathVariable))
		if role == "unmapped" {
			d = unmapped{d}
		}
		return d, err
	}, spool.Options{})
	check(err)
	w := writer{dir: dir, rand: rand.New(rand.NewPCG(seed, 0)), tag: strconv.FormatUint(seed, 10)}
	if role == "hold" {
		w.hold()
		return
	}
	w.mapped = role == "write"
	w.write()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// writer writes and delivers until it is killed, and says each step in a line. What it has said it has done, for a line is a system call of its own.
type writer struct {
	dir    *spool.Dir
	rand   *rand.Rand
	tag    string
	n      int
	mapped bool
}

func say(what, record string) { _, _ = os.Stdout.WriteString(what + " " + record + "\n") }

// hold commits a record and waits to be killed.
func (w *writer) hold() {
	s, err := w.dir.Create(1024)
	check(err)
	w.record(s.Frames(), 0)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func (w *writer) write() {
	for {
		w.recover()
		s, err := w.dir.Create(1 << 10 << w.rand.IntN(4))
		check(err)
		w.fill(s.Frames())
		for w.rand.IntN(3) > 0 {
			w.deliver(s)
			if s.Reuse() != nil { // it is not mapped
				break
			}
			w.fill(s.Frames())
		}
		if w.rand.IntN(2) == 0 {
			w.deliver(s)
			check(s.Remove())
		} else {
			check(s.Close()) // for the other one, or for us
		}
	}
}

// recover delivers what others left.
func (w *writer) recover() {
	for s, err := range w.dir.Orphans() {
		check(err)
		w.deliver(s)
		check(s.Remove())
	}
	if found := w.dir.Found(); w.mapped && found.Damaged > 0 {
		check(fmt.Errorf("a kill damages nothing, and yet there is %+v", found))
	}
}

func (w *writer) fill(f spool.Frames) {
	for at := 0; at >= 0; {
		at = w.record(f, at)
	}
}

// record writes one record, and begins one that it does not finish now and then. It returns the next place, or -1.
func (w *writer) record(f spool.Frames, at int) int {
	w.n++
	r := fmt.Sprintf("%s-%d-%s", w.tag, w.n, strings.Repeat("x", w.rand.IntN(200)))
	if w.rand.IntN(8) == 0 {
		if p := f.Put(at, len(r)); p != nil {
			copy(p, "half")
			at += spool.FrameBytes(len(r))
		}
	}
	p := f.Put(at, len(r))
	if p == nil {
		return -1
	}
	say("begun", r)
	copy(p, r)
	f.Commit(at)
	say("committed", r)
	return at + spool.FrameBytes(len(r))
}

func (w *writer) deliver(s *spool.Segment) {
	f := s.Frames()
	for frame := range f.All() {
		if frame.State == spool.Committed {
			r := string(frame.Payload)
			say("delivered", r)
			f.Settle(frame.At)
			say("settled", r)
		}
	}
}
