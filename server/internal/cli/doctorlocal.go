package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// spool looks at the directory that the SDK would keep its queue in.
func (x *examination) spool(context.Context) finding {
	dir := x.app.getenv(spoolVariable)
	if dir == "" {
		return finding{Verdict: skipped, Detail: spoolVariable + " is not set: what waits in memory dies with its process"}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{Verdict: doubt, Detail: dir + " is not there yet", Hint: "A client makes it, if it may write where it is to be."}
	case err == nil && !info.IsDir():
		err = errors.New("it is no directory")
	}
	if err == nil {
		err = writable(dir)
	}
	if err != nil {
		return finding{Verdict: failed, Detail: fmt.Sprintf("%s cannot be used: %v", dir, err), Hint: "Give the agent's user a directory of its own; without one events wait in memory."}
	}
	waiting, err := waitingIn(dir)
	switch {
	case err != nil:
		return finding{Verdict: failed, Detail: err.Error(), Hint: "`sentrial spool verify " + dir + "` reads every file."}
	case waiting > 0:
		return finding{Verdict: doubt, Detail: fmt.Sprintf("%s in %s wait for a process to deliver them", format.Plural(waiting, "event"), dir), Hint: "The next agent with that spool does, or `sentrial spool flush`."}
	}
	return finding{Verdict: well, Detail: dir + " can be written, and nothing waits in it"}
}

// writable makes a file and takes it away.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// store reads every page of the store's file.
func (x *examination) store(ctx context.Context) finding {
	if x.file == "" {
		return finding{Verdict: skipped, Detail: "no file was named with --db"}
	}
	info, err := os.Stat(x.file)
	if err != nil {
		return finding{Verdict: failed, Detail: err.Error(), Hint: "Check the path after --db."}
	}
	version, known, err := sqlite.VersionOf(x.file)
	if err != nil {
		return finding{Verdict: failed, Detail: fmt.Sprintf("%s: %v", x.file, err), Hint: "It is no store of sentrial's."}
	}
	about := fmt.Sprintf("%s has %s, schema %d of %d", x.file, format.Bytes(info.Size()), version, known)
	store, err := openStore(ctx, x.file, toRead)
	if err != nil {
		return finding{Verdict: failed, Detail: fmt.Sprintf("%s, and cannot be opened: %v", about, errors.Unwrap(err)), Hint: "`sentrial serve --db FILE` brings an older schema up to date; a newer one needs the newer program."}
	}
	defer func() { _ = store.Close() }()
	if err := store.Check(x.cmd.Context()); err != nil { // however long it takes
		return finding{Verdict: failed, Detail: about + ": " + err.Error(), Hint: "Stop the server, keep a copy, and go back to a backup (`sentrial backup` makes one)."}
	}
	return finding{Verdict: well, Detail: about + ", and is whole"}
}
