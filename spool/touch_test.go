package spool_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestTouchChangesNothing(t *testing.T) {
	path := t.TempDir()
	for name, dir := range map[string]*spool.Dir{"mapped": open(t, path), "unmapped": openUnmapped(t, path)} {
		s := create(t, dir, 100_000)
		for i := range s.Data() {
			s.Data()[i] = byte(i)
		}
		before := bytes.Clone(s.Data())
		if err := s.Touch(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := spool.TouchPages(s.Data()); err != nil {
			t.Errorf("%s, page by page: %v", name, err)
		}
		if !bytes.Equal(before, s.Data()) {
			t.Errorf("%s: the data changed", name)
		}
		s.Close()
		if err := s.Touch(); !errors.Is(err, spool.ErrClosed) {
			t.Errorf("%s, closed: %v", name, err)
		}
	}
	if err := spool.TouchPages(nil); err != nil {
		t.Error(err)
	}
}

func TestGuardPassesPanicsOn(t *testing.T) {
	defer func() {
		if r := recover(); r != "mine" {
			t.Errorf("recovered %v", r)
		}
	}()
	err := spool.Guard(func() { panic("mine") })
	t.Errorf("Guard returned %v", err)
}
