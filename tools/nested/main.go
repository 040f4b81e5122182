// Command nested runs a go command in a module of the repository that is built outside the workspace and requires our other modules:
//
//	go run ./nested bench test ./...
//
// runs `go test ./...` in the folder bench. No committed go.mod replaces our own modules, so this goes through a generated one; GOFLAGS names it, for the go
// commands too that the command starts itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit): // it has said what was wrong
		os.Exit(max(exit.ExitCode(), 1))
	case err != nil:
		fmt.Fprintln(os.Stderr, "nested:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	if len(args) < 2 {
		return errors.New("want the folder of a module, relative to the repository's root, and a go command: nested bench test ./...")
	}
	root, err := repo.Root(".")
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "sentrial-nested-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	dir := filepath.Join(root, filepath.FromSlash(args[0]))
	modfile, err := repo.GenerateModfile(root, dir, tmp)
	if err != nil {
		return err
	}
	return command(ctx, dir, modfile, args[1:]).Run()
}

// command is the go command, as if it had been typed in dir. An interrupt reaches it too; it is given the time to clean up.
func command(ctx context.Context, dir, modfile string, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS="+withModfile(os.Getenv("GOFLAGS"), modfile))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd
}

// withModfile adds the flag to the flags of a user; quotes keep a folder with a space in its name in one piece.
func withModfile(goflags, modfile string) string {
	return strings.TrimSpace(goflags + " '-modfile=" + modfile + "'")
}
