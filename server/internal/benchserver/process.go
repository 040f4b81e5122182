package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

const (
	// serverEnv makes this program the sentrial command.
	serverEnv = "BENCHSERVER_IS_SENTRIAL"
	// profileEnv names the file that the command writes a processor profile to.
	profileEnv = "BENCHSERVER_PROFILE"
)

// serve is the sentrial command, with a profile if one is wanted.
func serve() int {
	if file := os.Getenv(profileEnv); file != "" {
		f, err := os.Create(file)
		if err != nil || pprof.StartCPUProfile(f) != nil {
			fmt.Fprintln(os.Stderr, "no profile is written:", err)
		}
		defer pprof.StopCPUProfile()
	}
	return cli.Main()
}

// process is a `sentrial serve` of its own.
type process struct {
	cmd  *exec.Cmd
	url  string
	said chan struct{} // closed when all it logs was read
}

// start runs a server over file and waits until it says where it listens.
func (b *bench) start(ctx context.Context, file string, flags ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--db", file, "--log", "error", "--otlp-http", "", "--otlp-grpc", ""}, flags...)
	p := &process{cmd: exec.CommandContext(ctx, self, args...), said: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), serverEnv+"=1")
	if b.profile != "" {
		b.started++
		p.cmd.Env = append(p.cmd.Env, fmt.Sprintf("%s=%s.%d", profileEnv, b.profile, b.started))
	}
	said, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(said)
	for p.url == "" && lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "http://"); ok {
			p.url = "http://" + strings.Fields(rest)[0]
		}
	}
	if p.url == "" {
		return nil, fmt.Errorf("the server did not say its address: %w", p.cmd.Wait())
	}
	go func() { // what it logs is seen
		defer close(p.said)
		for lines.Scan() {
			b.say("server: %s", lines.Text())
		}
	}()
	return p, nil
}

// stop ends the server in order and returns the processor time it has used.
func (p *process) stop() (time.Duration, error) {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return 0, err
	}
	<-p.said
	err := p.cmd.Wait()
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime(), err
}
