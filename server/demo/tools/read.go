package tools

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

const (
	readDescription = "Reads a text file: its size, how many lines it has, and its lines from start_line on."
	readSchema      = `{"type":"object","additionalProperties":false,"required":["path"],"properties":{
"path":{"type":"string","description":"file, relative to the root"},
"start_line":{"type":"integer","description":"first line to show, from 1; default 1"},
"max_lines":{"type":"integer","description":"how many lines to show, 1 to 500; default 100"}}}`
)

const (
	defaultLines = 100
	maxLines     = 500
	maxContent   = 32 << 10 // bytes of a file that one call shows
	maxCounted   = 16 << 20 // bytes of a file that are read to count its lines
)

// ErrNotText says that a path leads to something else than a regular text file.
var ErrNotText = errors.New("not a text file")

type readInput struct {
	Path      string `json:"path"`
	StartLine int    `json:"start_line"`
	MaxLines  int    `json:"max_lines"`
}

// Content is the result of read_file. Lines counts those of the whole file; Truncated says that more follow than Content shows.
type Content struct {
	Path      string `json:"path"`
	Size      int64  `json:"size"`
	Lines     int    `json:"lines"`
	StartLine int    `json:"start_line"`
	Content   string `json:"content"`
	Truncated bool   `json:"truncated"`
}

func (s *Set) read(_ context.Context, in readInput) (*Content, error) {
	name := path.Clean(in.Path)
	if in.Path == "" || hidden(name) {
		return nil, fmt.Errorf("path %q: want a file of the directory that is not hidden", in.Path)
	}
	info, err := s.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // asked before opening, which waits for a writer on a named pipe
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrNotText}
	}
	if info.Size() > maxCounted {
		return nil, fmt.Errorf("%s has %d bytes, more than the %d that are read", name, info.Size(), maxCounted)
	}
	f, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := &Content{Path: name, Size: info.Size(), StartLine: max(in.StartLine, 1)}
	return out, out.fill(io.LimitReader(f, maxCounted), bounded(in.MaxLines, defaultLines, maxLines))
}

// fill counts the lines of the file and keeps the ones asked for.
func (c *Content) fill(file io.Reader, most int) error {
	var shown strings.Builder
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			c.Lines++
			c.Truncated = !c.take(&shown, line, most) || c.Truncated
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if c.Content = shown.String(); strings.ContainsRune(c.Content, 0) {
		return &fs.PathError{Op: "read", Path: c.Path, Err: ErrNotText}
	}
	return nil
}

// take keeps the line if it is one of those asked for and there is room; false = it comes after what is shown.
func (c *Content) take(shown *strings.Builder, line string, most int) bool {
	if c.Lines < c.StartLine {
		return true
	}
	room := maxContent - shown.Len()
	if c.Lines-c.StartLine >= most || c.Truncated || room <= 0 {
		return false
	}
	line = strings.ToValidUTF8(line, "\uFFFD")
	shown.WriteString(shorten(line, room))
	return len(line) <= room
}
