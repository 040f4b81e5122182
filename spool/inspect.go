package spool

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// QuarantineName is the folder within a directory that copies of damaged files are put in.
const QuarantineName = "quarantine"

// Info is what Inspect says of a file.
type Info struct {
	Name    string
	PID     int       // the process that made it
	Live    bool      // a process has it at the moment
	Created time.Time // by that process's clock
	Bytes   int64     // its size
	Counts  Counts    // of a live file: at some moment while it was read
	Err     error     // why it could not be read, such as ErrVersion or ErrDamaged
}

// Inspect looks at the files of a directory, oldest first, and changes nothing. It takes each file's lock for an instant, to know whether a process has it.
func Inspect(dir string) ([]Info, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, explain("open", dir, err)
	}
	defer root.Close()
	all, err := list(root)
	var infos []Info
	for _, e := range all {
		info := inspect(root, e)
		if !errors.Is(info.Err, fs.ErrNotExist) { // removed while we looked
			infos = append(infos, info)
		}
	}
	return infos, explain("list", dir, err)
}

// inspect reads a file. One that is in use may be made ready to be used again at this very moment, which looks like damage: that is over in microseconds.
func inspect(root *os.Root, e entry) (info Info) {
	for range 5 {
		info = Info{Name: e.Name, Bytes: e.Size}
		info.Err = info.read(root)
		if !info.Live || info.Err == nil && info.Counts.Damaged == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return info
}

func (i *Info) read(root *os.Root) error {
	f, err := openRegular(root, i.Name, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	if i.Live, err = inUse(root, i.Name); err != nil {
		return err
	}
	content, err := readAll(f, int(min(i.Bytes, headerBytes+maxData)))
	if err != nil {
		return err
	}
	h, err := decodeHeader(content)
	if errors.Is(err, errBlank) || err != nil && isZero(content) {
		return nil
	}
	if err != nil {
		return err
	}
	i.PID, i.Created = h.pid, h.created
	i.Counts = framesOf(h, content).Count()
	return nil
}

// inUse tells whether a process has the file. The lock is given back at once, or a client that starts meanwhile would take us for its owner.
func inUse(root *os.Root, name string) (bool, error) {
	f, err := root.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = lock(f, true)
	if errors.Is(err, errBusy) {
		return true, nil
	}
	return false, err
}
