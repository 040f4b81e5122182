package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeOutput has fn write to stdout, or to a file of this name. The file appears when it is complete and on disk; its owner alone may read it.
func (a *app) writeOutput(name string, fn func(io.Writer) error) error {
	if name == "" || name == "-" {
		return buffered(sink{a.out}, fn)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() { // such as /dev/null: nothing can take its place
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", name, err)
		}
		return errors.Join(buffered(f, fn), f.Close())
	}
	return replaceFile(name, func(f *os.File) error { return buffered(f, fn) })
}

// buffered has fn write to w in large pieces. What it wrote before it failed is written too.
func buffered(w io.Writer, fn func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if err := fn(b); err != nil {
		_ = b.Flush()
		return err
	}
	return b.Flush()
}

// replaceFile has fn fill a temporary file beside name, which then takes its place. A failure leaves what was there.
func replaceFile(name string, fn func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // with mode 0600
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	err = fn(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
