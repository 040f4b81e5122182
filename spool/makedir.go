package spool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// makeDir makes the directory unless it is there. One that is there keeps its permissions: it may be anything that somebody named.
func makeDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return ErrNotDirectory
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	above := existing(filepath.Dir(dir))
	if err = os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err = os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory; the umask may have taken our own rights too
		return err
	}
	return syncUp(filepath.Dir(dir), above)
}

// existing is the nearest directory from dir upwards that is there.
func existing(dir string) string {
	for {
		above := filepath.Dir(dir)
		if _, err := os.Stat(dir); err == nil || above == dir {
			return dir
		}
		dir = above
	}
}

// syncUp makes the names of new directories durable, or what is in them would be lost with them.
func syncUp(dir, last string) error {
	for {
		if err := syncPath(dir); err != nil || dir == last {
			return err
		}
		dir = filepath.Dir(dir)
	}
}

func syncPath(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) { // whoever may not read it cannot sync it
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(syncDir(d), d.Close())
}
