package spool

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
)

// osDisk is a directory of the system's. It is only ever used through its root, so that no link leads out of it.
type osDisk struct{ root *os.Root }

func openDisk(dir string) (osDisk, error) {
	if err := makeDir(dir); err != nil {
		return osDisk{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return osDisk{}, err
	}
	if err = probe(root); err != nil {
		_ = root.Close()
		return osDisk{}, err
	}
	return osDisk{root}, nil
}

// probe tells whether files can be made and locked. A full disk is no reason to stay out: what is sent from the spool makes room.
func probe(root *os.Root) error {
	const name = "probe"
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(kindOf(err), ErrFull) {
		return nil
	}
	if err != nil {
		return err
	}
	err = lock(f, false)
	if errors.Is(err, errBusy) { // another process is at the same thing
		err = nil
	}
	return errors.Join(err, f.Close(), ignoreMissing(root.Remove(name)))
}

func (d osDisk) Create(name string, size int64) (file, error) {
	f, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_ = f.Chmod(0o600) // the umask may have taken our own rights too; it never gives any
	if err = d.claim(f, name); err == nil {
		err = allocate(f, size)
	}
	switch {
	case err == nil:
		return &osFile{File: f}, nil
	case errors.Is(err, errBusy): // whoever has it removes it
		return nil, errors.Join(err, f.Close())
	}
	return nil, errors.Join(err, d.Remove(name), f.Close())
}

func (d osDisk) Open(name string) (file, error) {
	f, err := openRegular(d.root, name, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	if err = d.claim(f, name); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &osFile{File: f}, nil
}

// claim locks f. Between opening and locking, whoever had the lock may have removed the file: then it is one without a name, and not ours.
func (d osDisk) claim(f *os.File, name string) error {
	if err := lock(f, false); err != nil {
		return err
	}
	_, err := d.root.Lstat(name) // names are never used again
	if errors.Is(err, fs.ErrNotExist) {
		return errBusy
	}
	return err
}

// openRegular opens nothing but a regular file that belongs to us or to the directory's owner: no link, no pipe, nothing that somebody else put there.
func openRegular(root *os.Root, name string, flag int) (*os.File, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrForeign
	}
	dir, err := root.Stat(".")
	if err != nil {
		return nil, err
	}
	if !trusted(info, dir) {
		return nil, ErrForeign
	}
	f, err := root.OpenFile(name, flag|noWait, 0)
	if err != nil {
		return nil, err
	}
	if opened, err := f.Stat(); err != nil || !os.SameFile(info, opened) { // somebody put another one there meanwhile
		return nil, errors.Join(err, ErrForeign, f.Close())
	}
	return f, nil
}

func (d osDisk) List() ([]entry, error) { return list(d.root) }

func list(root *os.Root) ([]entry, error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	all, err := dir.Readdirnames(-1)
	var found []entry
	for _, name := range all {
		if !names.MatchString(name) {
			continue
		}
		if info, err := root.Lstat(name); err == nil { // else it is gone already
			found = append(found, entry{name, info.Size()})
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return cmp.Compare(a.Name, b.Name) })
	return found, err
}

func (d osDisk) Has(name string) bool {
	_, err := d.root.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

func (d osDisk) Remove(name string) error { return ignoreMissing(d.root.Remove(name)) }

func (d osDisk) Rename(from, to string) error { return d.root.Rename(from, to) }

func (d osDisk) Sync() error {
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(syncDir(dir), dir.Close())
}

func (d osDisk) Close() error { return d.root.Close() }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
