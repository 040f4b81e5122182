package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// tidyModule tidies a copy of the go.mod and go.sum in dir and says in what the committed ones differ, or overwrites them.
func tidyModule(ctx context.Context, root, dir string, write bool) (findings []string, err error) {
	tmp, err := os.MkdirTemp("", "sentrial-tidy-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	generated, err := repo.GenerateModfile(root, dir, tmp)
	if err != nil {
		return nil, err
	}
	_, stderr, err := repo.Go{Dir: dir}.Output(ctx, "mod", "tidy", "-e", "-modfile="+generated)
	if err != nil {
		return nil, fmt.Errorf("%s: go mod tidy: %w\n%s", dir, err, stderr)
	}
	want, err := tidied(tmp, dir, unavailable(stderr))
	if err != nil {
		return nil, err
	}
	if write {
		return nil, want.save(dir)
	}
	return want.compare(dir)
}

// files are a go.mod and the lines of a go.sum.
type files struct {
	mod  []byte
	sums []string
}

// tidied reads what tidy left in tmp, as it should be committed in dir: without the replacements of our own modules, and with the committed
// checksums of the versions that tidy could not get.
func tidied(tmp, dir string, missing []string) (files, error) {
	parsed, err := repo.ParseModfile(tmp)
	if err != nil {
		return files{}, err
	}
	if err := repo.DropReplaces(parsed); err != nil {
		return files{}, err
	}
	parsed.Cleanup()
	mod, err := parsed.Format()
	if err != nil {
		return files{}, err
	}
	tidySums, err := readSums(tmp)
	if err != nil {
		return files{}, err
	}
	committed, err := readSums(dir)
	return files{mod: mod, sums: keepUnavailable(tidySums, committed, missing)}, err
}

func (f files) save(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), f.mod, 0o644); err != nil {
		return err
	}
	return writeSums(dir, f.sums)
}

// compare says how the committed files in dir differ from f.
func (f files) compare(dir string) ([]string, error) {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	sums, err := readSums(dir)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(bytes.TrimSpace(mod), bytes.TrimSpace(f.mod)) {
		return []string{"go.mod is not tidy, it should be:\n" + string(f.mod)}, nil // go.sum follows from it
	}
	var findings []string
	for _, line := range f.sums {
		if !slices.Contains(sums, line) {
			findings = append(findings, "go.sum lacks "+line)
		}
	}
	for _, line := range sums {
		if !slices.Contains(f.sums, line) {
			findings = append(findings, "go.sum does not need "+line)
		}
	}
	return findings, nil
}
