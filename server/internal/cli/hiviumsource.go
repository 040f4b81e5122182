package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/server/internal/bulk"
)

// runSource gives runs as they are read; io.EOF is behind the last. It is used by one goroutine, which may still be reading when close is called.
type runSource interface {
	next() (foundRuns, error)
	read() int64 // bytes, as far as they are known
	close()
}

// foundRuns are runs, and what is in the place of others.
type foundRuns struct {
	runs  []hivium.Run
	wrong []otlpProblem
}

// decodeRuns reads the runs of a place.
func decodeRuns(list []json.RawMessage, in otlpProblem) (found foundRuns) {
	for i, one := range list {
		var run hivium.Run
		err := json.Unmarshal(one, &run)
		if err == nil && run.ID == "" {
			err = errors.New("it has no id")
		}
		if err == nil {
			found.runs = append(found.runs, run)
			continue
		}
		found.wrong = append(found.wrong, otlpProblem{File: in.File, At: fmt.Sprintf("%s run:%d", in.At, i+1), Message: "it is no run: " + err.Error()})
	}
	return found
}

// runPages asks the platform.
type runPages struct {
	ctx    context.Context //nolint:containedctx // that of the command
	client *hivium.Client
	list   hivium.ListRuns
	seen   map[string]bool // cursors of pages
	n      int             // pages that were read
	ended  bool
}

func (p *runPages) next() (foundRuns, error) {
	if p.ended {
		return foundRuns{}, io.EOF
	}
	page, err := p.client.Runs.ListRaw(p.ctx, p.list)
	if err != nil {
		return foundRuns{}, explainHivium(err)
	}
	p.seen[p.list.Cursor] = true
	if page.NextCursor != "" && p.seen[page.NextCursor] {
		return foundRuns{}, errors.New("the list of runs does not end: its pages go round")
	}
	p.list.Cursor, p.ended = page.NextCursor, page.NextCursor == ""
	p.n++
	return p.asked(decodeRuns(page.Data, otlpProblem{At: fmt.Sprintf("page:%d", p.n)})), nil
}

// asked fills in what runs do not say of themselves and were asked for by: the document names both as parameters alone.
func (p *runPages) asked(found foundRuns) foundRuns {
	for i := range found.runs {
		run := &found.runs[i]
		run.AgentSlug, run.Status = cmp.Or(run.AgentSlug, p.list.AgentSlug), cmp.Or(run.Status, p.list.Status)
	}
	return found
}

func (p *runPages) read() int64 { return 0 }
func (p *runPages) close()      { p.client.CloseIdleConnections() }

// maxRunValue is the longest page in a file.
const maxRunValue = 256 << 20

// runFiles reads files of what the platform has answered.
type runFiles struct {
	open  func(name string) (io.ReadCloser, int64, error)
	names []string
	count countingReader

	name string
	in   io.Closer // nil = none is being read
	done func()
	left *leftReader
	d    *json.Decoder
	n    int // values of the file that were read
}

func (f *runFiles) read() int64 { return f.count.n.Load() }

// close leaves a file open that is being read: the process ends.
func (f *runFiles) close() {}

// next reads the next value. What cannot be read ends its file: where the next value begins is not known.
func (f *runFiles) next() (foundRuns, error) {
	if f.in == nil && len(f.names) == 0 {
		return foundRuns{}, io.EOF
	}
	if f.in == nil {
		f.name, f.names = f.names[0], f.names[1:]
		return f.wrong("", f.begin()), nil
	}
	var raw json.RawMessage
	f.left.n = maxRunValue
	if err := f.d.Decode(&raw); err != nil {
		f.end()
		return f.wrong(fmt.Sprintf("value:%d", f.n+1), err), nil
	}
	f.n++
	return decodeRuns(listed(raw), otlpProblem{File: f.name, At: fmt.Sprintf("value:%d", f.n)}), nil
}

// wrong is what is found where the file cannot be read; its end is nothing.
func (f *runFiles) wrong(at string, err error) (found foundRuns) {
	if err == nil || errors.Is(err, io.EOF) {
		return found
	}
	message := err.Error()
	if at != "" {
		message = "it is no JSON, or cut: " + message
	}
	found.wrong = []otlpProblem{{File: f.name, At: at, Message: message}}
	return found
}

func (f *runFiles) begin() error {
	in, _, err := f.open(f.name)
	if err != nil {
		return err
	}
	f.count.from = in
	plain, done, err := bulk.Decompress(bufio.NewReader(&f.count))
	if err != nil {
		_ = in.Close()
		return err
	}
	f.in, f.done, f.n, f.left = in, done, 0, &leftReader{from: plain}
	f.d = json.NewDecoder(f.left)
	return nil
}

func (f *runFiles) end() {
	f.done()
	_ = f.in.Close()
	f.in = nil
}

// listed are the elements of an array, or of an object's data, else the value itself.
func listed(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '[' && json.Unmarshal(raw, &list) == nil {
		return list
	}
	var page struct {
		Data *[]json.RawMessage `json:"data"`
	}
	if json.Unmarshal(raw, &page) == nil && page.Data != nil {
		return *page.Data
	}
	return []json.RawMessage{raw}
}

// leftReader reads no more than is left: a value without an end is not to fill the memory.
type leftReader struct {
	from io.Reader
	n    int64
}

func (l *leftReader) Read(p []byte) (int, error) {
	if l.n <= 0 {
		return 0, fmt.Errorf("a value is longer than %d MiB", maxRunValue>>20)
	}
	n, err := l.from.Read(p[:min(int64(len(p)), l.n)])
	l.n -= int64(n)
	return n, err
}
