// Command consumercheck compiles and runs internal/testdata/consumer, a module that uses the public API as an outside program does: with
// the Go version at hand, with the oldest one that the root module promises to support, and with the newest OpenTelemetry API.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sentrial/sentrial-go/tools/internal/repo"
)

// consumer is the module's folder below the root.
const consumer = "internal/testdata/consumer"

// newestOTel is the newest OpenTelemetry release that the root module is known to work with.
const newestOTel = "v1.47.0"

func main() {
	strict := flag.Bool("strict", os.Getenv("CI") != "", "fail when the oldest supported Go version cannot be had, default in CI")
	flag.Parse()
	if err := run(context.Background(), *strict); err != nil {
		fmt.Fprintln(os.Stderr, "consumercheck:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, strict bool) error {
	root, err := repo.Root(".")
	if err != nil {
		return err
	}
	floor, err := repo.ParseModfile(root)
	if err != nil {
		return err
	}
	for _, b := range []build{
		{name: "this Go version"},
		{name: "newest OpenTelemetry", raise: openTelemetry(newestOTel), env: []string{"GOFLAGS=-mod=mod -buildvcs=false"}},
		{name: "oldest supported Go version", env: []string{"GOTOOLCHAIN=go" + floor.Go.Version}, withRoot: true, optional: !strict},
	} {
		if err := b.run(ctx, root); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
	}
	return nil
}

func openTelemetry(version string) []repo.Require {
	var raised []repo.Require
	for _, path := range []string{"", "/trace", "/metric", "/sdk"} {
		raised = append(raised, repo.Require{Path: "go.opentelemetry.io/otel" + path, Version: version})
	}
	return raised
}

// build is one way to build the consumer.
type build struct {
	name     string
	raise    []repo.Require
	env      []string
	withRoot bool // vet the root module's packages too
	optional bool // leave it out where its Go toolchain cannot be had
}

func (b build) run(ctx context.Context, root string) (err error) {
	tmp, err := os.MkdirTemp("", "sentrial-consumer-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	toolchain, stderr, err := repo.Go{Dir: root, Env: b.env}.Output(ctx, "env", "GOVERSION")
	if err != nil && b.optional {
		fmt.Printf("consumer, %s: left out, its toolchain cannot be had: %s", b.name, stderr)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, stderr)
	}
	dir := filepath.Join(root, filepath.FromSlash(consumer))
	modfile, err := repo.GenerateModfile(root, dir, tmp, b.raise...)
	if err != nil {
		return err
	}
	if err := b.compile(ctx, root, dir, modfile); err != nil {
		return err
	}
	fmt.Printf("consumer, %s: ok, %s", b.name, toolchain)
	return nil
}

func (b build) compile(ctx context.Context, root, dir, modfile string) error {
	for _, args := range [][]string{{"vet", "-modfile=" + modfile, "./..."}, {"test", "-modfile=" + modfile, "-count=1", "./..."}} {
		if _, err := (repo.Go{Dir: dir, Env: b.env}).Run(ctx, args...); err != nil {
			return err
		}
	}
	if !b.withRoot {
		return nil
	}
	_, err := repo.Go{Dir: root, Env: b.env}.Run(ctx, "vet", "./...")
	return err
}
