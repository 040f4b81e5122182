package sentrial_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go"
)

// mounted gives a file system of its own, or nothing where the test may not mount any.
func mounted(t *testing.T, options string) string {
	t.Helper()
	path := t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, options); err != nil {
		t.Logf("left out, as no file system can be mounted here: %v", err)
		return ""
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return path
}

// TestRow44FullDisk: on a disk without room, or without inodes, events wait in memory, nobody waits for it, and when there is room again they are in files.
func TestRow44FullDisk(t *testing.T) {
	for _, options := range []string{"size=1m", "nr_inodes=4"} {
		disk := mounted(t, options)
		if disk == "" {
			return
		}
		dir := filepath.Join(disk, "spool")
		log := new(logged)
		release := make(chan struct{})
		client := spoolClient(t, &gate{release, newScript(t)}, dir, sentrial.WithBatchBytes(128<<10), sentrial.WithLogger(log.logger()))
		record(t, client, 20_000) // some 3 MiB
		if s := client.Stats(); s.Spooled == 0 || s.Spooled == s.Queued || s.Queued != 20_000 {
			t.Errorf("%s: %+v", options, s)
		}
		waitFor(t, func() bool { return len(log.lines()) > 0 })
		if all := log.lines(); len(all) != 1 || !strings.Contains(all[0], "full") {
			t.Errorf("%s: the log has %q", options, all)
		}
		if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=64m,nr_inodes=1000"); err != nil {
			t.Fatal(err)
		}
		before := client.Stats().Spooled
		waitFor(t, func() bool { record(t, client, 100); return client.Stats().Spooled > before })
		close(release)
		if err := client.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestRow45Directories that cannot be used: the client says so when it is made, and goes on in memory.
func TestRow45Directories(t *testing.T) {
	disk := mounted(t, "ro")
	if disk == "" {
		return
	}
	link := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(link, link); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{filepath.Join(disk, "spool"): "read-only", disk: "read-only", link: "symbolic links"} {
		log := new(logged)
		client := spoolClient(t, newScript(t), dir, sentrial.WithLogger(log.logger()))
		record(t, client, 100)
		flush(t, client)
		checkStats(t, client, 100, 0, nothing)
		waitFor(t, func() bool { return len(log.lines()) > 0 })
		if all := log.lines(); len(all) != 1 || !strings.Contains(all[0], want) {
			t.Errorf("%s: the log has %q, want it to say %q", dir, all, want)
		}
	}
}
