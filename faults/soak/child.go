package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// child is the receiver's process. It keeps its address when it is started again.
type child struct {
	plan   plan
	ledger string // file
	addr   string
	starts uint64

	cmd   *exec.Cmd
	stdin io.Closer
}

// startChild starts a receiver that chooses its address.
func startChild(ctx context.Context, p plan, ledger string) (*child, error) {
	c := &child{plan: p, ledger: ledger, addr: "127.0.0.1:0"}
	return c, c.start(ctx)
}

func (c *child) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c.starts++
	c.cmd = exec.CommandContext(ctx, self, receiveCommand, "-listen", c.addr, "-ledger", c.ledger, //nolint:gosec // this very program
		"-events", strconv.FormatUint(c.plan.events, 10), "-forget", strconv.FormatUint(c.plan.forget, 10),
		"-trouble", fmt.Sprint(c.plan.trouble), "-seed", strconv.FormatUint(c.plan.seed+c.starts, 10))
	c.cmd.Stderr = os.Stderr
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return fmt.Errorf("starting the receiver: %w", err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the receiver ended before it said its address: %w", err)
	}
	c.addr = strings.TrimSpace(line)
	return nil
}

// restart kills the receiver, as a crash would, and starts another one at once.
func (c *child) restart(ctx context.Context) error {
	if err := c.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("killing the receiver: %w", err)
	}
	_ = c.cmd.Wait() // it says that it was killed
	return c.start(ctx)
}

// stop lets the receiver end.
func (c *child) stop() error {
	_ = c.stdin.Close()
	return c.cmd.Wait()
}
