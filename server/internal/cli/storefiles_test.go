package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingIsWrittenOverTheStore: by whatever name it goes, and whether its files are there or not.
func TestNothingIsWrittenOverTheStore(t *testing.T) {
	h := newHouse(t) // which runs, so that there is a -wal and a -shm
	dir := filepath.Dir(h.db)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(h.db, link); err != nil {
		t.Log("no links here:", err)
		link = h.db
	}
	t.Chdir(dir)
	before, err := os.Stat(h.db)
	if err != nil {
		t.Fatal(err)
	}
	for _, db := range []string{h.db, "test.db", link} {
		for _, to := range []string{h.db, "test.db", "./test.db", "test.db-wal", "test.db-shm", "test.db-journal", filepath.Join(dir, "..", filepath.Base(dir), "test.db-wal")} {
			for _, args := range [][]string{{"export", "-o", to}, {"export", "-o", to, "--format", "markdown"}, {"backup", to, "--force"}, {"backup", to}} {
				got := run(t, append(args, "--db", db)...)
				if got.code != 2 || !strings.Contains(got.errors, "the store itself") {
					t.Errorf("%v of %s: %+v", args, db, got)
				}
			}
		}
	}
	if after, err := os.Stat(h.db); err != nil || !os.SameFile(after, before) {
		t.Error("the store is another")
	}
	if _, err := os.Stat("test.db-journal"); err == nil {
		t.Error("a journal was written")
	}
	succeed(t, "sessions", "get", "sess_refund", "--db", h.db)
	for _, name := range []string{"test.db.ndjson", "wal"} { // which only look like it
		succeed(t, "export", "-o", name, "--db", h.db)
	}
}

// TestAnExportOfAServerTakesNoStoresPlace: a client does not know which file is the server's.
func TestAnExportOfAServerTakesNoStoresPlace(t *testing.T) {
	h := newHouse(t)
	if got := run(t, "export", "-o", h.db, "--url", h.url); got.code != 2 || !strings.Contains(got.errors, "sentrial backup") {
		t.Errorf("%+v", got)
	}
	succeed(t, "sessions", "get", "sess_refund", "--db", h.db)
	succeed(t, "export", "-o", file(t, "empty", ""), "--url", h.url)
}

// TestABackupReplacesNoDirectory, and nothing else that is no file.
func TestABackupReplacesNoDirectory(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	for _, args := range [][]string{{"backup", dir}, {"backup", dir, "--force"}, {"backup", os.DevNull, "--force"}} {
		if got := run(t, append(args, "--db", h.db)...); got.code != 2 || !strings.Contains(got.errors, "no file") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
