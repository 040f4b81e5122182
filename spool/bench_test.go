package spool_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

const slabBytes = 512 << 10

// BenchmarkCreateRemove is what a slab costs, apart from the pages that are touched first.
func BenchmarkCreateRemove(b *testing.B) {
	dir := open(b, b.TempDir())
	b.ReportAllocs()
	for b.Loop() {
		s := create(b, dir, slabBytes)
		if err := s.Remove(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTouch is a slab with its pages, touched ahead or by who writes.
func BenchmarkTouch(b *testing.B) {
	b.Run("ahead", func(b *testing.B) {
		touching(b, func(s *spool.Segment) {
			if err := s.Touch(); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("writing", func(b *testing.B) {
		touching(b, func(s *spool.Segment) {
			for at := 0; at < slabBytes; at += 4096 {
				s.Data()[at] = 0
			}
		})
	})
}

func touching(b *testing.B, touch func(*spool.Segment)) {
	dir := open(b, b.TempDir())
	for b.Loop() {
		s := create(b, dir, slabBytes)
		touch(s)
		if err := s.Remove(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReuse is what a slab costs that was used before, when it was full.
func BenchmarkReuse(b *testing.B) {
	s := create(b, open(b, b.TempDir()), slabBytes)
	b.ReportAllocs()
	for b.Loop() {
		if err := errors.Join(s.Reuse(), s.Touch()); err != nil {
			b.Fatal(err)
		}
		for at := 0; at < slabBytes; at += 4096 {
			s.Data()[at] = 1
		}
	}
}

// BenchmarkGuard is what it costs to make an error of a signal.
func BenchmarkGuard(b *testing.B) {
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := spool.Guard(func() { n++ }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCommit puts and commits records in memory and in a file, over and over in the same pages.
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{300, 2400} {
		b.Run(fmt.Sprintf("memory/%d", size), func(b *testing.B) { commits(b, spool.Plain(make([]byte, slabBytes)), size) })
		b.Run(fmt.Sprintf("mapped/%d", size), func(b *testing.B) {
			commits(b, create(b, open(b, b.TempDir()), slabBytes).Frames(), size)
		})
	}
}

func commits(b *testing.B, f spool.Frames, size int) {
	record, at := make([]byte, size), 0
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		p := f.Put(at, size)
		if p == nil {
			at = 0
			continue
		}
		copy(p, record)
		f.Commit(at)
		f.Settle(at)
		at += spool.FrameBytes(size)
	}
}

// BenchmarkScan goes through a full slab.
func BenchmarkScan(b *testing.B) {
	s := create(b, open(b, b.TempDir()), slabBytes)
	record := string(make([]byte, 1000))
	for end := 0; end+spool.FrameBytes(1000) <= slabBytes; {
		_, end = put(b, s.Frames(), end, record)
	}
	b.SetBytes(slabBytes)
	for b.Loop() {
		s.Frames().Count()
	}
}
