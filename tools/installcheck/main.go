// Command installcheck proves that a stranger can `go install` the command line tool. It packs the root and the server module, as they lie
// in the working tree, into a module proxy made of files, installs the tool from there with an empty module cache and runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// tool is the import path of the command, below the root module's.
const tool = "server/cmd/sentrial"

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "installcheck:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	root, err := repo.Root(".")
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "sentrial-install-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	proxy := filepath.Join(tmp, "proxy")
	for _, module := range []string{".", "server"} {
		if err := publish(proxy, filepath.Join(root, module)); err != nil {
			return err
		}
	}
	binary, err := install(ctx, tmp, proxy)
	if err != nil {
		return err
	}
	return try(ctx, binary)
}

// install installs the tool from the proxy into tmp and returns the path of the program.
func install(ctx context.Context, tmp, proxy string) (string, error) {
	env, err := environment(ctx, tmp, proxy)
	if err != nil {
		return "", err
	}
	command := repo.Go{Dir: tmp, Env: env}
	if _, err := command.Run(ctx, "install", repo.RootModule+"/"+tool+"@"+repo.Unreleased); err != nil {
		return "", err
	}
	binary := filepath.Join(tmp, "bin", filepath.Base(tool))
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	return binary, nil
}

// environment makes the go command start from an empty module cache. It looks into our proxy first, then into the caller's own cache of
// downloads, to save time, then where the caller's go command looks. The checksum database does not know our unpublished versions; the
// other modules are those whose checksums server/go.sum pins.
func environment(ctx context.Context, tmp, proxy string) ([]string, error) {
	out, err := repo.Go{Dir: tmp}.Run(ctx, "env", "GOMODCACHE", "GOPROXY")
	if err != nil {
		return nil, err
	}
	cache, upstream, _ := strings.Cut(strings.TrimSpace(out), "\n")
	return []string{
		"GOPROXY=" + strings.Join([]string{fileURL(proxy), fileURL(filepath.Join(cache, "cache", "download")), upstream}, ","),
		"GOMODCACHE=" + filepath.Join(tmp, "modules"),
		"GOBIN=" + filepath.Join(tmp, "bin"),
		"GOSUMDB=off",
		"GONOPROXY=none",
		// With -trimpath the build cache serves the next run, although the module cache lies elsewhere each time.
		"GOFLAGS=-modcacherw -trimpath -buildvcs=false",
	}, nil
}

func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	return "file://" + path
}

// try runs the installed tool.
func try(ctx context.Context, binary string) error {
	out, err := exec.CommandContext(ctx, binary, "version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("installed tool: sentrial version: %w\n%s", err, out)
	}
	if len(out) == 0 {
		return errors.New("installed tool: sentrial version printed nothing")
	}
	fmt.Printf("installed with an empty module cache: %s", out)
	return nil
}
