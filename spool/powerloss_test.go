package spool_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// A crashing program does random things with a directory on a disk that loses power after each of them, in several ways each time.
type crashing struct {
	t    *testing.T
	rand *rand.Rand
	disk *memDisk
	dir  *spool.Dir
	open []*written
	all  map[string]fate
	n    int
}

// written is a segment and what the program knows of it.
type written struct {
	*spool.Segment
	at      int
	records map[int]string // committed and not settled
}

// fate is what may be found of a record after a crash.
type fate struct{ committed, synced, over bool }

func TestRow42PowerLoss(t *testing.T) {
	for seed := range uint64(60) {
		c := crashing{t: t, rand: rand.New(rand.NewPCG(seed, 0)), all: map[string]fate{}}
		c.disk = newMemDisk(c.rand)
		c.start()
		for step := range 40 {
			c.step()
			if c.rand.IntN(3) == 0 {
				c.disk.writeBack()
			}
			for i := range uint64(4) {
				c.crash(fmt.Sprintf("seed %d, step %d, crash %d", seed, step, i), rand.New(rand.NewPCG(seed<<16+uint64(step), i)))
			}
			if t.Failed() {
				return
			}
		}
	}
}

func (c *crashing) start() {
	dir, err := spool.OpenOn(func() (spool.Disk, error) { return c.disk, nil }, spool.Options{})
	if err != nil {
		c.t.Fatal(err)
	}
	c.dir = dir
}

// step does one thing.
func (c *crashing) step() {
	if len(c.open) == 0 {
		c.create()
		return
	}
	i := c.rand.IntN(len(c.open))
	s := c.open[i]
	switch c.rand.IntN(11) {
	case 0:
		c.create()
	case 1, 2, 3, 4, 5:
		c.record(s)
	case 6, 7:
		c.sync(s)
	case 8, 9:
		c.settle(s)
	case 10:
		c.end(i, s)
	}
}

func (c *crashing) create() {
	s, err := c.dir.Create(2000 + c.rand.IntN(3000))
	if err != nil {
		c.t.Fatal(err)
	}
	c.open = append(c.open, &written{Segment: s, records: map[int]string{}})
}

func (c *crashing) record(s *written) {
	c.n++
	r := fmt.Sprintf("%d %s", c.n, strings.Repeat("x", c.rand.IntN(700)))
	p := s.Frames().Put(s.at, len(r))
	if p == nil {
		return
	}
	copy(p, r)
	if c.rand.IntN(8) > 0 {
		s.Frames().Commit(s.at)
		s.records[s.at] = r
		c.all[r] = fate{committed: true}
	}
	s.at += spool.FrameBytes(len(r))
}

func (c *crashing) sync(s *written) {
	if err := s.Sync(); err != nil {
		c.t.Error(err)
	}
	for _, r := range s.records {
		c.all[r] = fate{committed: true, synced: true}
	}
}

// settle settles the first record: from now on it may be found or not.
func (c *crashing) settle(s *written) {
	if len(s.records) == 0 {
		return
	}
	at := slices.Min(slices.Collect(maps.Keys(s.records)))
	s.Frames().Settle(at)
	c.all[s.records[at]] = fate{committed: true, over: true}
	delete(s.records, at)
}

// end settles a segment, to be removed or used again, or leaves it, to be taken over at once or later.
func (c *crashing) end(i int, s *written) {
	over := c.rand.IntN(2) == 0
	for over && len(s.records) > 0 {
		c.settle(s)
	}
	again := c.rand.IntN(2) == 0
	switch {
	case over && again:
		if err := s.Reuse(); err != nil {
			c.t.Error(err)
		}
		s.at = 0
		return
	case over:
		if err := s.Remove(); err != nil {
			c.t.Error(err)
		}
	default:
		s.Close()
	}
	c.open = append(c.open[:i], c.open[i+1:]...)
	if !over && again {
		c.adopt()
	}
}

// adopt takes over what was left; such segments are full.
func (c *crashing) adopt() {
	for s, err := range c.dir.Orphans() {
		if err != nil {
			c.t.Error(err)
			continue
		}
		w := &written{Segment: s, at: len(s.Data()), records: map[int]string{}}
		for frame := range s.Frames().All() {
			if frame.State == spool.Committed {
				w.records[frame.At] = string(frame.Payload)
			}
		}
		c.open = append(c.open, w)
	}
}

// crash looks at what is found after a crash. The program itself goes on as if there had been none.
func (c *crashing) crash(when string, r *rand.Rand) {
	c.t.Helper()
	disk := c.disk.crash(r)
	dir, err := spool.OpenOn(func() (spool.Disk, error) { return disk, nil }, spool.Options{})
	if err != nil {
		c.t.Fatal(err)
	}
	found := map[string]int{}
	for s, err := range dir.Orphans() {
		if err != nil {
			if !errors.Is(err, spool.ErrDamaged) {
				c.t.Errorf("%s: %v", when, err)
			}
			continue
		}
		for _, r := range committed(s.Frames()) {
			found[r]++
		}
		if err := s.Remove(); err != nil {
			c.t.Errorf("%s: %v", when, err)
		}
	}
	c.judge(when, found)
}

func (c *crashing) judge(when string, found map[string]int) {
	c.t.Helper()
	for r, f := range c.all {
		if f.synced && !f.over && found[r] != 1 {
			c.t.Errorf("%s: the synced record %.10q was found %d times", when, r, found[r])
		}
	}
	for r, n := range found {
		if n > 1 || !c.all[r].committed {
			c.t.Errorf("%s: the record %.10q was found %d times, committed %v", when, r, n, c.all[r].committed)
		}
	}
}
