package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/internal/otlpfile"
)

// otlpFound counts what files of OTLP hold.
type otlpFound struct {
	Files         int           `json:"files"` // that were read
	Spans         int           `json:"spans"`
	Logs          int           `json:"logs"`
	Metrics       int           `json:"metrics"`        // bodies of them, which are passed over
	RejectedSpans int           `json:"rejected_spans"` // spans and records that say something impossible
	Unreadable    int           `json:"unreadable"`     // bodies
	Problems      []otlpProblem `json:"problems"`       // the first, never nil
}

// otlpProblem is what is wrong in a file.
type otlpProblem struct {
	File    string `json:"file"`
	At      string `json:"at,omitzero"`
	Message string `json:"message"`
}

// maxProblems is how many are told.
const maxProblems = 10

func (f *otlpFound) wrong(p otlpProblem) {
	if len(f.Problems) < maxProblems {
		f.Problems = append(f.Problems, p)
	}
}

// otlpFiles are files of OTLP, read one after the other. What is wrong in one is noted, and the reading goes on behind it, or with the next file.
type otlpFiles struct {
	open  func(name string) (io.ReadCloser, int64, error)
	names []string
	name  string // of the one being read
	in    io.Closer
	file  *otlpfile.File // nil = none is being read
	read  countingReader
	found otlpFound

	bodies int64 // bytes of those that were read
}

func (a *app) otlpFiles(names []string) *otlpFiles {
	return &otlpFiles{open: a.input, names: names, found: otlpFound{Problems: []otlpProblem{}}}
}

// otlpNames takes names of files that are there, and - for stdin once.
func otlpNames(cmd *cobra.Command, args []string) error {
	if err := atLeast("FILE")(cmd, args); err != nil {
		return err
	}
	if first := slices.Index(args, "-"); first >= 0 && slices.Contains(args[first+1:], "-") {
		return usage("", "- is stdin, which can be read once")
	}
	return nil
}

// sizeOf is how many bytes the files hold together, -1 if it is not known. A file that is not there fails before anything is done.
func sizeOf(names []string) (total int64, err error) {
	known := true
	for _, name := range names {
		if name == "-" {
			known = false
			continue
		}
		info, err := os.Stat(name)
		switch {
		case err != nil:
			return 0, fmt.Errorf("cannot read the spans: %w", err)
		case info.IsDir():
			return 0, usage("Name the files in it.", "%s is a folder", name)
		}
		known = known && info.Mode().IsRegular()
		total += info.Size()
	}
	if !known {
		total = -1
	}
	return total, nil
}

// next is what the next body holds; io.EOF is behind the last file.
func (f *otlpFiles) next() (otlpfile.Batch, error) {
	for {
		if f.file == nil && !f.begin() {
			return otlpfile.Batch{}, io.EOF
		}
		m, err := f.file.Next()
		if err != nil {
			f.end(err)
			continue
		}
		f.bodies += int64(len(m.Body))
		return f.count(otlpfile.Decode(m), m.Place), nil
	}
}

// begin opens the next file that can be read, and reports whether there is one.
func (f *otlpFiles) begin() bool {
	for len(f.names) > 0 {
		f.name, f.names = f.names[0], f.names[1:]
		in, _, err := f.open(f.name)
		if err != nil {
			f.unreadable("", err)
			continue
		}
		f.in, f.read.from = in, in
		if f.file, err = otlpfile.Open(&f.read); err == nil {
			f.found.Files++
			return true
		}
		f.unreadable("", err)
		_ = in.Close()
	}
	return false
}

func (f *otlpFiles) end(err error) {
	f.file.Close()
	_ = f.in.Close()
	f.file = nil
	if !errors.Is(err, io.EOF) {
		f.unreadable("", err)
	}
}

// close gives up a file that is being read.
func (f *otlpFiles) close() {
	if f.file != nil {
		f.end(io.EOF)
	}
}

func (f *otlpFiles) unreadable(at string, err error) {
	f.found.Unreadable++
	f.found.wrong(otlpProblem{File: f.name, At: at, Message: err.Error()})
}

func (f *otlpFiles) count(b otlpfile.Batch, at string) otlpfile.Batch {
	f.found.Spans += len(b.Spans)
	f.found.Logs += len(b.Logs)
	f.found.RejectedSpans += b.Rejected
	switch {
	case b.Signal == otlp.SignalMetrics:
		f.found.Metrics++
	case b.Err != nil && b.Rejected == 0:
		f.unreadable(at, b.Err)
	case b.Err != nil:
		f.found.wrong(otlpProblem{File: f.name, At: at, Message: fmt.Sprintf("%d rejected, the first is %v", b.Rejected, b.Err)})
	}
	return b
}
