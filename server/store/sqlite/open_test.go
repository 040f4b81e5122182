package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

func step(id string) store.Event {
	return store.Event{ID: id, Type: types.EventStep, SessionID: "s1", Timestamp: time.Unix(1, 5), Raw: []byte(`{"id":"` + id + `"}`)}
}

func ingest(t *testing.T, s *sqlite.Store, ids ...string) {
	t.Helper()
	batch := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
	for _, id := range ids {
		batch.Events = append(batch.Events, step(id))
	}
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// stored returns the ids of session s1's events.
func stored(t *testing.T, s *sqlite.Store) string {
	t.Helper()
	page, err := s.Events(t.Context(), "p", "s1", store.EventQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range page.Events {
		ids = append(ids, strings.TrimSuffix(strings.TrimPrefix(string(e.Raw), `{"id":"`), `"}`))
	}
	return strings.Join(ids, " ")
}

func TestOpenTwiceKeepsEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	first, err := sqlite.Open(t.Context(), file, sqlite.FullSync())
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, first, "e1", "e2")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there after Close: %v", err)
	}
	second := open(t, file)
	ingest(t, second, "e2", "e3")
	if got := stored(t, second); got != "e1 e2 e3" {
		t.Errorf("events %s", got)
	}
}

func TestTwoWritersShareAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	one, other := open(t, file), open(t, file)
	ingest(t, one, "e1")
	ingest(t, other, "e1", "e2")
	ingest(t, one, "e2", "e3")
	if got := stored(t, other); got != "e1 e2 e3" {
		t.Errorf("events %s", got)
	}
}

func TestOpenTakesAnyFileName(t *testing.T) {
	names := []string{"a b.db", "50%41.db", "#x.db", "é+&=.db"}
	if runtime.GOOS != "windows" {
		names = append(names, "what?.db", `back\slash "quoted".db`)
	}
	for _, name := range names {
		file := filepath.Join(t.TempDir(), name)
		ingest(t, open(t, file), "e1")
		if got := stored(t, open(t, file, sqlite.ReadOnly())); got != "e1" {
			t.Errorf("%s: events %q", name, got)
		}
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
}

func TestFileIsPrivate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	ingest(t, open(t, file), "e1")
	for _, name := range []string{file, file + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o: it holds prompts", filepath.Base(name), mode)
		}
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	write(t, text, []byte(strings.Repeat("not a database\n", 100)))
	short := filepath.Join(dir, "short")
	write(t, short, []byte("SQLite"))
	for _, c := range []struct {
		file    string
		message string
		options []sqlite.Option
	}{
		{"", "a file name is needed", nil},
		{":memory:", "a file name is needed", nil},
		{filepath.Join(dir, "none", "s.db"), "no such file", nil},
		{filepath.Join(dir, "none.db"), "no such file", []sqlite.Option{sqlite.ReadOnly()}},
		{dir, "is a directory", nil},
		{text, "not a SQLite database", nil},
		{text, "not a SQLite database", []sqlite.Option{sqlite.ReadOnly()}},
		{short, "not a SQLite database", nil},
	} {
		s, err := sqlite.Open(t.Context(), c.file, c.options...)
		if err == nil {
			t.Errorf("%q was opened", c.file)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), c.message) || !strings.HasPrefix(err.Error(), "open store "+c.file) {
			t.Errorf("%q: %v, want … %s", c.file, err, c.message)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading created the file: %v", err)
	}
}

func TestOtherPrograms(t *testing.T) {
	file := filepath.Join(t.TempDir(), "other.db")
	execute(t, file, `CREATE TABLE theirs (x)`)
	wantRefused(t, file, "a SQLite database of another program")
	execute(t, file, `PRAGMA application_id = 7; PRAGMA user_version = 1`)
	wantRefused(t, file, "a SQLite database of another program")
}

func TestRow85NewerSchemaIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "newer.db")
	s := open(t, file)
	ingest(t, s, "e1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, file, fmt.Sprintf(`PRAGMA user_version = %d`, sqlite.SchemaVersion+1))
	wantRefused(t, file, fmt.Sprintf("its schema is version %d, this program knows up to %d", sqlite.SchemaVersion+1, sqlite.SchemaVersion))
}

// TestNewerSchemaInTheLogIsRefused has a newer version that only the log tells of.
func TestNewerSchemaInTheLogIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "newer.db")
	ingest(t, open(t, file), "e1")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, sqlite.SchemaVersion+1)); err != nil {
		t.Fatal(err)
	}
	for _, options := range [][]sqlite.Option{nil, {sqlite.ReadOnly()}} {
		if _, err := sqlite.Open(t.Context(), file, options...); err == nil || !strings.Contains(err.Error(), "use the newer program") {
			t.Errorf("got %v", err)
		}
	}
}

// wantRefused checks that neither way of opening takes the file, and that both leave it and its directory as they are.
func wantRefused(t *testing.T, file, message string) {
	t.Helper()
	before := contents(t, filepath.Dir(file))
	for _, options := range [][]sqlite.Option{nil, {sqlite.ReadOnly()}} {
		_, err := sqlite.Open(t.Context(), file, options...)
		if err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("got %v, want … %s", err, message)
		}
		if after := contents(t, filepath.Dir(file)); after != before {
			t.Errorf("the directory was\n%s, is\n%s", before, after)
		}
	}
}

// contents lists a directory's files with a hash of each.
func contents(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %x\n", e.Name(), sha256.Sum256(data))
	}
	return out.String()
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// execute runs SQL on a file without our package.
func execute(t *testing.T, file, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestEmptyFileIsVersionZero opens a file of no bytes, and one that SQLite made but nobody filled.
func TestEmptyFileIsVersionZero(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	write(t, empty, nil)
	unfilled := filepath.Join(t.TempDir(), "unfilled.db")
	execute(t, unfilled, `CREATE TABLE x (y); DROP TABLE x`)
	for _, file := range []string{empty, unfilled} {
		s := open(t, file)
		ingest(t, s, "e1")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if v := binary.BigEndian.Uint32(data[60:]); int(v) != sqlite.SchemaVersion {
			t.Errorf("user_version %d, want %d", v, sqlite.SchemaVersion)
		}
		if !bytes.Equal(data[68:72], []byte("Sntl")) {
			t.Errorf("application_id %q", data[68:72])
		}
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "none"), sqlite.ReadOnly()); err == nil {
		t.Error("a missing file was opened")
	}
}

// TestEmptyFileIsNotRead has nothing to read yet.
func TestEmptyFileIsNotRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "empty.db")
	write(t, file, nil)
	_, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err == nil || !strings.Contains(err.Error(), "its schema is version 0") {
		t.Errorf("got %v", err)
	}
}

// TestReplacedEventsLeaveNothingBehind counts rows, past the store's own queries.
func TestReplacedEventsLeaveNothingBehind(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	running, final := step("e1"), step("e1")
	running.Status = types.StatusRunning
	for _, e := range []store.Event{running, final, final} {
		if _, err := s.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{e}}); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"events", "payloads", "sessions"} {
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d %s (%v), want 1", n, table, err)
		}
	}
}
