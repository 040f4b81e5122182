package spool_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// patched leaves a file with one record, of whose headers a word is changed.
func patched(t *testing.T, path string, dir *spool.Dir, at int, word []byte) {
	t.Helper()
	s := create(t, dir, 1024)
	put(t, s.Frames(), 0, "one")
	s.Close()
	file := filepath.Join(path, s.Name())
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < spool.HeaderBytes; i += 64 {
		copy(content[i+at:], word)
		sum := crc32.Checksum(content[i:i+60], crc32.MakeTable(crc32.Castagnoli))
		binary.LittleEndian.PutUint32(content[i+60:], sum)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRow48ANewerFormatIsLeftAlone(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	patched(t, path, dir, 8, []byte{2, 0})
	found, errs := orphans(t, dir)
	if len(found) > 0 || len(errs) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantKind(t, errs[0], spool.ErrVersion)
	all, err := spool.Inspect(path)
	if err != nil || len(all) != 1 || !errors.Is(all[0].Err, spool.ErrVersion) {
		t.Errorf("the directory has %+v (%v)", all, err)
	}
}

// A header may say what it likes of the size of the data.
func TestAHeaderWithAnotherSize(t *testing.T) {
	for _, size := range [][]byte{{0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 0x80}, {24, 0, 0, 0}} {
		path := t.TempDir()
		dir := open(t, path)
		patched(t, path, dir, 12, size)
		if all, err := spool.Inspect(path); err != nil || len(all) != 1 || all[0].Counts.Committed != 1 {
			t.Errorf("size %x: the directory has %+v (%v)", size, all, err)
		}
		found, errs := orphans(t, dir)
		if len(errs) > 0 || len(found) != 1 || len(found[0].Data()) > 1024 {
			t.Fatalf("size %x: found %d segments, errors %v", size, len(found), errs)
		}
		wantRecords(t, committed(found[0].Frames()), "one")
		if err := found[0].Reuse(); (err == nil) != (size[0] == 24) {
			t.Errorf("size %x: Reuse said %v", size, err)
		}
	}
}
