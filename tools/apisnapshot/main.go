// Command apisnapshot prints the exported Go API of the root module's public packages as one declaration a line, so that every change of
// the API shows in the diff of api/public-api.txt. With -check it compares instead of printing, with -w it rewrites the file.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// snapshotFile is the committed snapshot, relative to the repository's root.
const snapshotFile = "api/public-api.txt"

func main() {
	check := flag.Bool("check", false, "compare with "+snapshotFile+" and fail where it differs")
	write := flag.Bool("w", false, "write "+snapshotFile)
	flag.Parse()
	if err := run(context.Background(), *check, *write); err != nil {
		fmt.Fprintln(os.Stderr, "apisnapshot:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check, write bool) error {
	root, err := repo.Root(".")
	if err != nil {
		return err
	}
	packages, err := load(ctx, root)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, pkg := range packages {
		describe(&text, pkg)
	}
	name := filepath.Join(root, filepath.FromSlash(snapshotFile))
	switch {
	case check:
		return compare(name, text.String())
	case write:
		return os.WriteFile(name, []byte(text.String()), 0o644)
	default:
		_, err := fmt.Print(text.String())
		return err
	}
}

// compare fails, naming the lines, when the file is not the snapshot.
func compare(name, snapshot string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if string(data) == snapshot {
		return nil
	}
	return fmt.Errorf("%s is not the API of the code; look at the difference, and if it is meant run `make api`:\n%s",
		snapshotFile, difference(string(data), snapshot))
}

// difference lists the lines that only one of two snapshots has, package by package.
func difference(committed, current string) string {
	was, is := declarations(committed), declarations(current)
	var b strings.Builder
	for _, line := range was.order {
		if !is.has[line] {
			b.WriteString("- " + line + "\n")
		}
	}
	for _, line := range is.order {
		if !was.has[line] {
			b.WriteString("+ " + line + "\n")
		}
	}
	return b.String()
}

type declarationSet struct {
	order []string
	has   map[string]bool
}

// declarations reads a snapshot's lines, each with the name of its package before it.
func declarations(snapshot string) declarationSet {
	set := declarationSet{has: map[string]bool{}}
	pkg := ""
	for line := range strings.Lines(snapshot) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "package "); ok {
			pkg = name
		}
		line = pkg + ": " + line
		set.order = append(set.order, line)
		set.has[line] = true
	}
	return set
}
