package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// newSpool makes a spool with a file that a process has, one that waits and one that is done. damaged ones have a damaged event each.
func newSpool(t *testing.T, damaged bool) (dir string, waiting *spool.Segment) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "spool")
	d, err := spool.Open(dir, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	waiting = segment(t, d, 5)
	waiting.Frames().Settle(0)
	if damaged {
		waiting.Data()[16+spool.FrameBytes(7)] ^= 1
	}
	done := segment(t, d, 1)
	done.Frames().Settle(0)
	_ = waiting.Close()
	_ = done.Close()
	live := segment(t, d, 1)
	live.Frames().Put(spool.FrameBytes(7), 7) // not finished
	t.Cleanup(func() { _ = live.Close() })
	return dir, waiting
}

func segment(t *testing.T, d *spool.Dir, events int) *spool.Segment {
	t.Helper()
	s, err := d.Create(4096)
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		at := i * spool.FrameBytes(7)
		copy(s.Frames().Put(at, 7), fmt.Sprintf("event %d", i))
		s.Frames().Commit(at)
	}
	return s
}

// columns are the lines of a table without what differs from run to run.
func columns(out string) string {
	out = regexp.MustCompile(`[0-9a-f-]{36}-[0-9]+\.slab`).ReplaceAllString(out, "NAME.slab")
	out = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z`).ReplaceAllString(out, "WHEN")
	out = strings.ReplaceAll(out, fmt.Sprint(os.Getpid()), "PID")
	return regexp.MustCompile(` +`).ReplaceAllString(out, " ")
}

func TestSpoolList(t *testing.T) {
	dir, _ := newSpool(t, false)
	want := `FILE PID STATE CREATED COMMITTED SETTLED SENT UNFINISHED DAMAGED SIZE
NAME.slab PID waiting WHEN 4 1 0 0 0 4.1 KiB
NAME.slab PID done WHEN 0 1 0 0 0 4.1 KiB
NAME.slab PID live WHEN 1 0 0 1 0 4.1 KiB
3 files - 1 live - 5 2 0 1 0 12.4 KiB
`
	if got := columns(succeed(t, "spool", "ls", dir)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	t.Setenv("SENTRIAL_SPOOL_DIR", dir)
	if got := columns(succeed(t, "spool", "list")); got != want {
		t.Errorf("by the environment: got\n%s\nwant\n%s", got, want)
	}
}

func TestSpoolListAsJSON(t *testing.T) {
	dir, waiting := newSpool(t, true)
	var doc struct {
		Data []struct {
			File      string `json:"file"`
			PID       int    `json:"pid"`
			Live      bool   `json:"live"`
			Created   string `json:"created_at"`
			Committed int    `json:"committed"`
			Damaged   int    `json:"damaged"`
		} `json:"data"`
		Total struct{ Files, Live, Bytes, Committed, Settled, Sent, Unfinished, Damaged, Unreadable int } `json:"total"`
	}
	if err := json.Unmarshal([]byte(succeed(t, "spool", "ls", dir, "--json")), &doc); err != nil {
		t.Fatal(err)
	}
	first := doc.Data[0]
	if first.File != waiting.Name() || first.PID != os.Getpid() || first.Live || first.Created == "" || first.Committed != 3 || first.Damaged != 1 {
		t.Errorf("the first file is %+v", first)
	}
	if got := fmt.Sprint(doc.Total); got != "{3 1 12672 4 2 0 1 1 0}" || !doc.Data[2].Live {
		t.Errorf("the document is %+v", doc)
	}
}

func TestSpoolVerify(t *testing.T) {
	dir, _ := newSpool(t, false)
	if got := run(t, "spool", "verify", dir); got.code != 0 || got.out != "" || !strings.Contains(got.errors, "3 files read, 5 events to be delivered") {
		t.Errorf("a spool without damage: %+v", got)
	}

	dir, waiting := newSpool(t, true)
	got := run(t, "spool", "verify", dir)
	if got.code != 1 || got.out != waiting.Name()+"  damaged in 1 place, 3 events to be delivered\n" || !strings.Contains(got.errors, "1 file of 3 is damaged") {
		t.Errorf("a spool with damage: %+v", got)
	}
	got = run(t, "spool", "verify", dir, "--json")
	if got.code != 1 || strings.Count(got.out, `"file"`) != 1 || !strings.Contains(got.errors, `"exit_code":1`) {
		t.Errorf("as JSON: %+v", got)
	}
}

func TestSpoolWithWhatNobodyCanRead(t *testing.T) {
	dir, waiting := newSpool(t, false)
	if err := os.WriteFile(filepath.Join(dir, waiting.Name()), []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := succeed(t, "spool", "ls", dir); !strings.Contains(out, "damaged") {
		t.Errorf("printed %q", out)
	}
	if got := run(t, "spool", "verify", dir); got.code != 1 || !strings.Contains(got.out, "damaged: both headers") {
		t.Errorf("verify: %+v", got)
	}
}

func TestSpoolTellsOfTheQuarantine(t *testing.T) {
	dir, _ := newSpool(t, true)
	d, err := spool.Open(dir, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for s, err := range d.Orphans() {
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Remove()
	}
	for _, command := range []string{"ls", "verify"} {
		if got := run(t, "spool", command, dir); got.code != 0 || !strings.Contains(got.errors, "quarantine has 1 file, 4.1 KiB") {
			t.Errorf("%s: %+v", command, got)
		}
	}
}

func TestSpoolWithoutADirectory(t *testing.T) {
	empty := t.TempDir()
	for _, command := range []string{"ls", "verify"} {
		if got := run(t, "spool", command); got.code != 2 || !strings.Contains(got.errors, "SENTRIAL_SPOOL_DIR") {
			t.Errorf("%s: %+v", command, got)
		}
		if got := run(t, "spool", command, filepath.Join(empty, "none")); got.code != 3 {
			t.Errorf("%s of no directory: %+v", command, got)
		}
		if got := run(t, "spool", command, empty); got.code != 0 || got.out != "" {
			t.Errorf("%s of an empty directory: %+v", command, got)
		}
	}
	if all, err := os.ReadDir(empty); err != nil || len(all) != 0 {
		t.Errorf("looking left %v (%v)", all, err)
	}
}
