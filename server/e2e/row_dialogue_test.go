package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// running is a program that a test talks with, line by line.
type running struct {
	*exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errors bytes.Buffer
}

// patience is how long a test waits for what must come, where nothing else would end it.
const patience = 2 * time.Minute

// start runs the program until it ends, or the test does, or the test's patience.
func (p *program) start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	r := &running{Cmd: exec.CommandContext(ctx, p.path, args...)}
	r.Dir, r.Env, r.Stderr = p.dir, p.env, &r.errors
	var err error
	if r.in, err = r.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewReader(out)
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Wait() }) // it was killed if it still ran
	return r
}

// tell writes a line to the program's standard input.
func (r *running) tell(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(r.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

// hear reads the next line of the program's standard output.
func (r *running) hear(t *testing.T) string {
	t.Helper()
	line, err := r.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the program said %q and no more: %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

// expect reads the next line, which must be the one.
func (r *running) expect(t *testing.T, want string) {
	t.Helper()
	if got := r.hear(t); got != want {
		t.Fatalf("the program said %q, want %q", got, want)
	}
}

// does tells the program to do something and waits until it says that it has.
func (r *running) does(t *testing.T, word string) {
	t.Helper()
	r.tell(t, word)
	r.expect(t, word)
}

// end closes the program's standard input and waits for its end. The outcome has what it had not said before.
func (r *running) end(t *testing.T) outcome {
	t.Helper()
	_ = r.in.Close()
	rest, err := io.ReadAll(r.out)
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := r.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{string(rest), r.errors.String(), r.ProcessState.ExitCode()}
}

// await waits until something has come.
func await(t *testing.T, come <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-come:
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
	}
}
