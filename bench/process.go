package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// The first argument that makes this program a sink, or a measurement.
const (
	sinkCommand    = "sink"
	measureCommand = "measure"
)

// sinkProcess is a sink in a process of its own.
type sinkProcess struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
}

func startSink(ctx context.Context, flags ...string) (*sinkProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &sinkProcess{cmd: exec.CommandContext(ctx, self, append([]string{sinkCommand}, flags...)...)} //nolint:gosec // this very program
	s.cmd.Stderr = os.Stderr
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the sink: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the sink ended before it said its address: %w", err)
	}
	s.url = strings.TrimSpace(line)
	return s, nil
}

// stop lets the sink end.
func (s *sinkProcess) stop() {
	_ = s.stdin.Close()
	_ = s.cmd.Wait() // what it had to say was asked before
}

// measureGrace is how long past its patience a measurement may take before it is given up.
const measureGrace = 3 * time.Minute

// measureApart makes a measurement in a process of its own.
func measureApart(ctx context.Context, s spec) (*result, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Patience+measureGrace)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "sentrial-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "result")
	cmd := exec.CommandContext(ctx, self, measureCommand, string(text), file) //nolint:gosec // this very program
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir = io.Discard, &said, dir
	cmd.Env = quietEnvironment(os.Environ())
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s of %s: %w\n%s", s.Measure, s.Peer, err, lastLines(said.String()))
	}
	return readResult(file)
}

func readResult(file string) (*result, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := newResult()
	return r, json.Unmarshal(b, r)
}

// quietEnvironment leaves out what would make a peer behave otherwise than by default, and proxies.
func quietEnvironment(all []string) (kept []string) {
	for _, setting := range all {
		name, _, _ := strings.Cut(setting, "=")
		name = strings.ToUpper(name)
		if !hasAnyPrefix(name, "SENTRIAL_", "OTEL_", "LANGFUSE_", "SENTRY_", "DD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") {
			kept = append(kept, setting)
		}
	}
	return kept
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// lastLines is the end of what a process said, which may be long if it crashed.
func lastLines(text string) string {
	const most = 2000
	return text[max(0, len(text)-most):]
}
