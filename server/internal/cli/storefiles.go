package cli

import (
	"os"
	"path/filepath"
)

// storeFiles are what SQLite appends to a store's name for the files that are part of it.
var storeFiles = []string{"", "-wal", "-shm", "-journal"}

// spareStore refuses to write to the file of a store, and to those beside it, whether they are there or not: it would lose what was recorded.
func spareStore(db, to string) error {
	if db == "" {
		return nil
	}
	if target, err := filepath.EvalSymlinks(db); err == nil {
		db = target // beside which SQLite puts the others
	}
	for _, part := range storeFiles {
		if sameFile(db+part, to) {
			return usage("Choose another name.", "%s is the store itself, or part of it", to)
		}
	}
	return nil
}

// sameFile reports whether two names lead to one file, or would if it were there.
func sameFile(a, b string) bool {
	return sameInfo(a, b) || filepath.Base(a) == filepath.Base(b) && sameInfo(filepath.Dir(a), filepath.Dir(b))
}

func sameInfo(a, b string) bool {
	of, err := os.Stat(a)
	if err != nil {
		return false
	}
	with, err := os.Stat(b)
	return err == nil && os.SameFile(of, with)
}
