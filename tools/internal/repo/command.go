package repo

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Go is a go command to run in a folder, outside the workspace.
type Go struct {
	Dir string   // working folder
	Env []string // added to the environment, KEY=value; later entries win
}

// Run runs `go args...` and returns its standard output. The error carries all that it said.
func (g Go) Run(ctx context.Context, args ...string) (string, error) {
	stdout, stderr, err := g.Output(ctx, args...)
	if err != nil {
		return stdout, fmt.Errorf("%s: go %s: %w\n%s%s", g.Dir, strings.Join(args, " "), err, stdout, stderr)
	}
	return stdout, nil
}

// Output is Run for callers that read the standard error themselves.
func (g Go) Output(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = g.Dir
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), g.Env...)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	err = cmd.Run()
	return out.String(), diag.String(), err
}
