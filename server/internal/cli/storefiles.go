package cli

import (
	"os"
	"path/filepath"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
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

// spareStores is spareStore for what is no store itself: it takes the place of no other store either, such as that of the server which is asked.
func spareStores(db, to string) error {
	if info, err := os.Stat(to); err == nil && info.Mode().IsRegular() {
		// What a store that is open says of its version may still be in its log alone.
		if _, _, err := sqlite.VersionOf(to); err == nil && info.Size() > 0 || sized(to+"-wal") {
			return usage("Choose another name, or remove it before; `sentrial backup` copies stores.", "%s is the store itself, or another one", to)
		}
	}
	return spareStore(db, to)
}

func sized(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > 0
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
