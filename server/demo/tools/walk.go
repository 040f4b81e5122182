package tools

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// maxFiles bounds how many files a walk visits.
const maxFiles = 100_000

// ErrTooManyFiles says that a directory is too big to be walked; one below it, asked for with dir, may do.
var ErrTooManyFiles = errors.New("too many files")

// walk visits the regular files below dir whose name, or path, matches pattern.
func (s *Set) walk(ctx context.Context, dir, pattern string, visit func(name string, size int64) error) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("pattern %q: %w; want a glob such as *.go", pattern, err)
	}
	seen := 0
	return fs.WalkDir(s.root.FS(), path.Clean(orDot(dir)), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return unlessBelow(dir, name, err)
		case ctx.Err() != nil:
			return ctx.Err()
		case hidden(name):
			return skip(entry)
		case !entry.Type().IsRegular():
			return nil
		}
		if seen++; seen > maxFiles {
			return fmt.Errorf("%w: more than %d", ErrTooManyFiles, maxFiles)
		}
		if !matches(pattern, name) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return nil //nolint:nilerr // the file went away since its directory was read
		}
		return visit(name, info.Size())
	})
}

// unlessBelow reports what is wrong with the directory asked for; one further down that cannot be read is left out.
func unlessBelow(dir, name string, err error) error {
	if name == path.Clean(orDot(dir)) {
		return err
	}
	return nil
}

// skip leaves out a directory with all it holds, or a file.
func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// matches holds a pattern with a slash against the whole path, another against the last name of it. An empty pattern matches everything.
func matches(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	ok, _ := path.Match(pattern, name)
	return ok || pattern == ""
}

// hidden says whether any name of the path starts with a dot.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	return false
}

func orDot(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
