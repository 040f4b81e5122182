package spool

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

func (d osDisk) Keep(name string, from io.ReaderAt, size, limit int64) error {
	if size > limit {
		return nil
	}
	q, err := d.room(name, size, limit)
	if err != nil {
		return err
	}
	defer q.Close()
	f, err := q.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // an earlier process came as far as this
		return nil
	}
	if err != nil {
		return err
	}
	_ = f.Chmod(0o600) // as in Create
	_, err = io.Copy(f, io.NewSectionReader(from, 0, size))
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, q.Remove(name)) // half a copy helps nobody
	}
	return err
}

func (d osDisk) Move(name string, size, limit int64) error {
	q, err := d.room(name, size, limit)
	if err != nil {
		return err
	}
	return errors.Join(d.root.Rename(name, QuarantineName+"/"+name), q.Close())
}

// room opens the folder and makes room in it, unless a file of that name is there.
func (d osDisk) room(name string, size, limit int64) (*os.Root, error) {
	err := d.root.Mkdir(QuarantineName, 0o700)
	if err == nil {
		err = d.root.Chmod(QuarantineName, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	q, err := d.root.OpenRoot(QuarantineName)
	if err != nil {
		return nil, err
	}
	if _, err = q.Lstat(name); err == nil {
		return q, nil
	}
	if err = evict(q, limit-size); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	return q, nil
}

// evict deletes the oldest files until at most limit bytes are left.
func evict(q *os.Root, limit int64) error {
	all, err := list(q)
	if err != nil {
		return err
	}
	var sum int64
	for _, e := range all {
		sum += e.Size
	}
	for _, e := range all {
		if sum <= limit {
			break
		}
		if err := ignoreMissing(q.Remove(e.Name)); err != nil {
			return err
		}
		sum -= e.Size
	}
	return nil
}
