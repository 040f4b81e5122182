package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// maxGrowth is how much larger the process may get by refusing a bomb.
const maxGrowth = 32 << 20

// serving is the server as a process of its own.
type serving struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
}

// buildCommand builds the command without the race detector, which takes several times the memory.
func buildCommand(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "sentrial")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/sentrial").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func startServing(t *testing.T, program string) *serving {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "serve", "--addr", "127.0.0.1:0", "--db", newFile(t), "--otlp-http", "", "--otlp-grpc", "")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	s := &serving{t: t, cmd: cmd}
	for lines := bufio.NewScanner(out); s.url == "" && lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			s.url = "http://" + strings.Fields(address)[0]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if s.url == "" {
		t.Fatal("the server names no address")
	}
	return s
}

func (s *serving) post(b bomb) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), "POST", s.url+"/v1/events", bytes.NewReader(b.body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", b.encoding)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatalf("%s: %v", b.name, err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// memory is what the process holds, and the most it ever held.
func (s *serving) memory() (now, peak int64) {
	s.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch name {
		case "VmRSS":
			now = kib << 10
		case "VmHWM":
			peak = kib << 10
		}
	}
	return now, peak
}

// TestRow73RefusingABombTakesLittleMemory: a server that has done some work grows by 32 MiB at most, though the bomb comes again and again.
func TestRow73RefusingABombTakesLittleMemory(t *testing.T) {
	program, good := buildCommand(t), bomb{name: "a batch", body: agentBatch(t, 300)}
	for _, b := range append(bombs(t), jsonBombs(t, 5<<20)...) {
		if b.status == 0 || len(b.body) < 300 {
			continue // only large, or too small to do anything before it is refused
		}
		s := startServing(t, program)
		for range 3 {
			same(t, good.name, s.post(good), 200)
		}
		before, _ := s.memory()
		for range 5 {
			same(t, b.name, s.post(b), b.status)
		}
		_, peak := s.memory()
		t.Logf("%-36s %4s %3d MiB", b.name, b.encoding, (peak-before)>>20)
		if peak-before > maxGrowth {
			t.Errorf("%s: %d MiB more than the %d before; want %d at most", b.name, (peak-before)>>20, before>>20, maxGrowth>>20)
		}
		same(t, good.name, s.post(good), 200)
		_ = s.cmd.Process.Kill()
	}
}
