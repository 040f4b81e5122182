//go:build unix

package cli_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is the command as a process of its own.
type child struct {
	*exec.Cmd
	stderr *bufio.Reader
	pipe   io.ReadCloser
}

// start runs the command as a process that is killed when the test ends.
func start(t *testing.T, env []string, args ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{Cmd: exec.CommandContext(t.Context(), exe, args...)}
	c.Env = append(append(os.Environ(), asCommand+"=1", "SENTRIAL_OTLP_HTTP=off", "SENTRIAL_OTLP_GRPC=off"), env...)
	c.Dir = t.TempDir()
	if c.pipe, err = c.StderrPipe(); err != nil {
		t.Fatal(err)
	}
	c.stderr = bufio.NewReader(c.pipe)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

var announcement = regexp.MustCompile(`^sentrial: serving (http://127\.0\.0\.1:[1-9][0-9]*) from (.+)\n$`)

// address reads the line that says where the server is.
func (c *child) address(t *testing.T) (url, db string) {
	t.Helper()
	line, err := c.stderr.ReadString('\n')
	if err != nil {
		t.Fatalf("no announcement: %q, %v", line, err)
	}
	match := announcement.FindStringSubmatch(line)
	if match == nil {
		t.Fatalf("the announcement is %q", line)
	}
	return match[1], match[2]
}

// end waits for the process and returns its exit code and what it still said.
func (c *child) end(t *testing.T) (code int, rest string) {
	t.Helper()
	said, err := io.ReadAll(c.stderr)
	if err != nil && !errors.Is(err, os.ErrClosed) {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(said)
}

func (c *child) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := c.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func TestServeUntilASignal(t *testing.T) {
	events, err := os.ReadFile("testdata/events.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "served.db")
			c := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--db", db)
			url, file := c.address(t)
			if file != db {
				t.Errorf("it says it stores into %s, want %s", file, db)
			}
			post(t, url, events)
			c.signal(t, s)
			if code, rest := c.end(t); code != 0 || rest != "" {
				t.Errorf("exit %d, stderr %q", code, rest)
			}
			if out := succeed(t, "sessions", "list", "--db", db); !strings.Contains(out, "sess_refund") {
				t.Errorf("the file holds:\n%s", out)
			}
		})
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	c := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "served.db"))
	url, _ := c.address(t)
	addr := strings.TrimPrefix(url, "http://")
	slow, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	request := "POST /v1/events HTTP/1.1\r\nHost: " + addr + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
	if _, err := io.WriteString(slow, request); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(slow).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("the server should be reading the body now: %q, %v", line, err)
	}
	c.signal(t, syscall.SIGINT)
	waitRefused(t, addr)
	c.signal(t, syscall.SIGINT)
	if code, rest := c.end(t); code != 130 {
		t.Errorf("exit %d, want 130; stderr %q", code, rest)
	}
}

// waitRefused waits until nobody accepts at addr any more: a shutdown begins with that.
func waitRefused(t *testing.T, addr string) {
	t.Helper()
	for {
		conn, err := net.DialTimeout("tcp", addr, time.Minute)
		if err != nil {
			return
		}
		_ = conn.Close()
	}
}

func TestATakenPort(t *testing.T) {
	h := newHouse(t)
	db := filepath.Join(t.TempDir(), "second.db")
	got := run(t, "serve", "--addr", strings.TrimPrefix(h.url, "http://"), "--db", db)
	if got.code != 1 || !strings.Contains(got.errors, "another program") || !strings.Contains(got.errors, "--addr 127.0.0.1:0") {
		t.Errorf("exit %d, stderr %q", got.code, got.errors)
	}
	if _, err := os.Stat(db); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it made a file all the same: %v", err)
	}
}

func TestServeSettings(t *testing.T) {
	dir := t.TempDir()
	byEnv, byFlag := filepath.Join(dir, "env.db"), filepath.Join(dir, "flag.db")
	env := []string{"SENTRIAL_ADDR=127.0.0.1:0", "SENTRIAL_DB=" + byEnv}
	for name, test := range map[string]struct {
		env, args []string
		db        string
	}{
		"environment":  {env, []string{"serve"}, byEnv},
		"flags win":    {[]string{"SENTRIAL_ADDR=0.0.0.0:1", "SENTRIAL_DB=" + byEnv}, []string{"serve", "--addr", "127.0.0.1:0", "--db", byFlag}, byFlag},
		"default file": {env[:1], []string{"serve"}, "./sentrial.db"},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, test.env, test.args...)
			if _, db := c.address(t); db != test.db {
				t.Errorf("it stores into %s, want %s", db, test.db)
			}
			c.signal(t, syscall.SIGTERM)
			if code, rest := c.end(t); code != 0 {
				t.Errorf("exit %d, stderr %q", code, rest)
			}
		})
	}
}

func TestServeOutlivesTheReaderOfItsMessages(t *testing.T) {
	c := start(t, nil, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "served.db"), "--log", "debug")
	c.address(t)
	if err := c.pipe.Close(); err != nil {
		t.Fatal(err)
	}
	c.signal(t, syscall.SIGTERM)
	if code, _ := c.end(t); code != 0 { // its last message has nowhere to go
		t.Errorf("exit %d", code)
	}
}

func TestAClosedPipeEndsQuietly(t *testing.T) {
	h := newHouse(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "sessions", "list", "--url", h.url)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = write, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Errorf("Run = %v, stderr %q", err, &stderr)
	}
	_ = write.Close()
}

func TestInterruptedReadingExits130(t *testing.T) {
	asked := make(chan struct{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	go func() {
		conn, err := ln.Accept()
		close(asked)
		if err == nil {
			_, _ = io.Copy(io.Discard, conn) // until the child is gone
			_ = conn.Close()
		}
	}()
	c := start(t, nil, "sessions", "list", "--url", "http://"+ln.Addr().String())
	<-asked
	c.signal(t, syscall.SIGINT)
	if code, rest := c.end(t); code != 130 || rest != "" {
		t.Errorf("exit %d, stderr %q", code, rest)
	}
}
