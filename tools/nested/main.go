// Command nested runs a go command in a module of the repository that is built outside the workspace and requires our other modules:
//
//	go run ./nested bench test ./...
//
// runs `go test ./...` in the folder bench. No committed go.mod replaces our own modules, so this goes through a generated one; GOFLAGS names it, for the go
// commands too that the command starts itself. With -cmd another program than go is run, such as a linter. It gets a generated workspace instead: the library by
// which such programs read packages calls the go command in a mode that refuses the flag.
package main

import (
	"context"
	"errors"
	"flag"
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
	flags := flag.NewFlagSet("nested", flag.ContinueOnError)
	program := flags.String("cmd", "go", "the program to run")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if args = flags.Args(); len(args) < 2 {
		return errors.New("want the folder of a module, relative to the repository's root, and a go command, as in \"nested bench test .\"")
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
	env, err := environment(root, dir, tmp, *program)
	if err != nil {
		return err
	}
	return command(ctx, dir, *program, args[1:], env).Run()
}

// environment lets the program find our own modules. It makes files in tmp.
func environment(root, dir, tmp, program string) ([]string, error) {
	modfile, err := repo.GenerateModfile(root, dir, tmp)
	if err != nil || program == "go" {
		return []string{"GOWORK=off", "GOFLAGS=" + withModfile(os.Getenv("GOFLAGS"), modfile)}, err
	}
	file := filepath.Join(tmp, "go.work")
	work, err := workspace(dir, tmp)
	if err != nil {
		return nil, err
	}
	return []string{"GOWORK=" + file}, os.WriteFile(file, []byte(work), 0o600)
}

// workspace joins a module and those of ours that it requires, which the go.mod generated in tmp replaces.
func workspace(dir, tmp string) (string, error) {
	generated, err := repo.ParseModfile(tmp)
	if err != nil {
		return "", err
	}
	var work strings.Builder
	fmt.Fprintf(&work, "go %s\n\nuse %q\n", goVersion, dir)
	for _, r := range generated.Replace {
		fmt.Fprintf(&work, "\nuse %q\n\nreplace %s %s => %q\n", r.New.Path, r.Old.Path, repo.Unreleased, r.New.Path)
	}
	return work.String(), nil
}

// goVersion is the one that the nested modules need at least.
const goVersion = "1.26.0"

// command is the program, as if it had been started in dir. An interrupt reaches it too; it is given the time to clean up.
func command(ctx context.Context, dir, program string, args, env []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd
}

// withModfile adds the flag to the flags of a user; quotes keep a folder with a space in its name in one piece.
func withModfile(goflags, modfile string) string {
	return strings.TrimSpace(goflags + " '-modfile=" + modfile + "'")
}
