package sentrialtest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
)

// Golden compares what was recorded with the file testdata/NAME.golden in the folder where the test binary began, where NAME may have slashes. go test -update, or SENTRIALTEST_UPDATE=1, writes the
// file; read it, then commit it.
//
// The file has a line for each event and its status, indented by parent, and below it a line for each field of it. What differs from run to run is left out
// or gets a name: ids that the SDK made become evt_1, sess_1 and so on, in the order in which they appear and wherever they do, texts included; times,
// durations, seq, trace and span ids are left out, and so are costs that the SDK estimated, for prices change; stack traces are *. Fold and FoldEvents leave out more, Keep less.
//
// Events stand in the order in which they began. Siblings that were at work at the same time stand in the order of their text, so that it does not matter
// which of them was first; so do sessions, also those that began in the same instant. Siblings that took no time, as in a bubble, are taken to have followed
// each other: where they did not, Unordered says so.
func (r *Recorder) Golden(name string, opts ...GoldenOption) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		r.t.Errorf("Golden: %q: want a name below testdata", name)
		return
	}
	set := goldenSetup(opts)
	for _, mistake := range set.mistakes {
		r.t.Errorf("Golden: %s", mistake)
	}
	r.compare(t, filepath.Join("testdata", filepath.FromSlash(name)+".golden"), set.text(t))
}

func (r *Recorder) compare(t *trace, file, got string) {
	r.t.Helper()
	if updating() {
		r.rewrite(file, got)
		return
	}
	want, err := os.ReadFile(filepath.Join(folder, file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.failf(t, "Golden: there is no %s yet. This writes it:\n  %s", filepath.ToSlash(file), updateCommand(r.t.Name()))
	case err != nil:
		r.t.Errorf("Golden: %v", err)
	case got != withoutCR(want):
		r.failf(t, "Golden: not as in %s (- is missing, + is new)\n%s\nIf it is right as it is now:\n  %s",
			filepath.ToSlash(file), diff(withoutCR(want), got), updateCommand(r.t.Name()))
	}
}

// withoutCR undoes what git does to text files on Windows.
func withoutCR(text []byte) string {
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}

func (r *Recorder) rewrite(file, got string) {
	r.t.Helper()
	path := filepath.Join(folder, file)
	err := os.MkdirAll(filepath.Dir(path), 0o755) //nolint:gosec // a folder of the program's sources
	if err == nil {
		err = os.WriteFile(path, []byte(got), 0o644) //nolint:gosec // a source file, for all to read
	}
	if err != nil {
		r.t.Errorf("Golden: %v", err)
		return
	}
	r.t.Logf("Golden: wrote %s", filepath.ToSlash(file))
}

// updateCommand runs one test again, so that no other golden file changes by the way.
func updateCommand(test string) string {
	levels := strings.Split(test, "/")
	for i, level := range levels {
		levels[i] = "^" + regexp.QuoteMeta(level) + "$"
	}
	return "go test " + testedPackage() + "-run '" + strings.Join(levels, "/") + "' -update"
}

// testedPackage is the import path of what is tested, with a space behind it; "" if the binary does not tell.
func testedPackage() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if path, isTest := strings.CutSuffix(info.Path, ".test"); isTest && path != "command-line-arguments" { // what go test calls a list of files
		return path + " "
	}
	return ""
}
