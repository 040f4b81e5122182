package spool_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// small is a segment's file and where its records are in it.
type small struct {
	path, name string
	content    []byte
	records    []string
	places     []int // in the file
}

// makeSmall leaves a file of five committed records behind.
func makeSmall(t *testing.T) small {
	t.Helper()
	s := small{path: t.TempDir()}
	for i := range 5 {
		s.records = append(s.records, fmt.Sprintf("record %d %s", i, strings.Repeat("x", i*7)))
	}
	segment := create(t, open(t, s.path), 320)
	s.places, _ = put(t, segment.Frames(), 0, s.records...)
	s.name = segment.Name()
	segment.Close()
	for i := range s.places {
		s.places[i] += spool.HeaderBytes
	}
	var err error
	if s.content, err = os.ReadFile(filepath.Join(s.path, s.name)); err != nil {
		t.Fatal(err)
	}
	return s
}

// recover puts content in the place of the file and takes it over.
func (s small) recover(t *testing.T, content []byte) []string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.path, s.name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := open(t, s.path)
	defer dir.Close()
	defer os.RemoveAll(filepath.Join(s.path, spool.QuarantineName))
	return left(t, dir)
}

// untouched are the records of which no byte from lo on, to hi, was changed.
func (s small) untouched(lo, hi int) []string {
	var all []string
	for i, at := range s.places {
		if hi <= at || lo >= at+16+len(s.records[i]) {
			all = append(all, s.records[i])
		}
	}
	return all
}

func TestRow47EachByteFlippedInTheFile(t *testing.T) {
	s := makeSmall(t)
	for at := range s.content {
		content := slices.Clone(s.content)
		content[at] ^= 0xff
		got := s.recover(t, content)
		s.wantOnlyHit(t, got, at, at+1)
	}
}

// All values of all bytes are tried in memory: files would take minutes.
func TestEachByteWithEachValue(t *testing.T) {
	s := makeSmall(t)
	for at := range s.content {
		content := slices.Clone(s.content)
		for value := range 256 {
			content[at] = byte(value)
			frames, err := spool.FramesOf(content)
			if err != nil {
				t.Fatalf("byte %d with value %d: %v", at, value, err)
			}
			s.wantOnlyHit(t, committed(frames), at, at+1)
		}
	}
}

// wantOnlyHit wants every record that was not touched, in order, and none that was not written.
func (s small) wantOnlyHit(t *testing.T, got []string, lo, hi int) {
	t.Helper()
	untouched := s.untouched(lo, hi)
	for _, r := range got {
		if !slices.Contains(s.records, r) {
			t.Errorf("bytes %d to %d changed: %q was never written", lo, hi, r)
		}
	}
	got = slices.DeleteFunc(got, func(r string) bool { return !slices.Contains(untouched, r) })
	if !slices.Equal(got, untouched) {
		t.Errorf("bytes %d to %d changed: got %q, want %q", lo, hi, got, untouched)
	}
}

func TestRow47CutAtEachLength(t *testing.T) {
	s := makeSmall(t)
	for n := range s.content {
		if n < spool.HeaderBytes/2 { // no header is whole, and there is nothing behind it
			s.wantNothing(t, s.content[:n])
			continue
		}
		got := s.recover(t, s.content[:n])
		if want := s.untouched(n, len(s.content)); !slices.Equal(got, want) {
			t.Errorf("cut at %d: got %q, want %q", n, got, want)
		}
	}
}

func (s small) wantNothing(t *testing.T, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.path, s.name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := open(t, s.path)
	found, errs := orphans(t, dir)
	if len(found) > 0 {
		t.Errorf("cut at %d: found %d segments", len(content), len(found))
	}
	if len(content) > 0 && (len(errs) != 1 || !errors.Is(errs[0], spool.ErrDamaged)) {
		t.Errorf("cut at %d: errors %v, want one that the file is damaged", len(content), errs)
	}
	if n, err := dir.Bytes(); n != 0 || err != nil {
		t.Errorf("cut at %d: the directory has %d bytes (%v)", len(content), n, err)
	}
}

// Stretches of zeros are what file systems leave after a crash.
func TestZeroedStretches(t *testing.T) {
	s := makeSmall(t)
	for lo := spool.HeaderBytes; lo < len(s.content); lo += 3 {
		for hi := lo + 1; hi <= len(s.content); hi += 7 {
			content := slices.Clone(s.content)
			clear(content[lo:hi])
			frames, err := spool.FramesOf(content)
			if err != nil {
				t.Fatal(err)
			}
			s.wantOnlyHit(t, committed(frames), lo, hi)
		}
	}
}
