package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go/bench/peer"
)

func weight() table {
	return table{
		name:  "weight",
		title: func(settings) string { return "e. What a program grows by that imports it: stripped and without paths" },
		columns: []column{
			{head: "binary MB", figure: "binary MB", format: "%.2f"},
			{head: "over net/http and encoding/json", figure: "over MB", format: "%+.2f"},
			{head: "modules linked", figure: "modules", format: "%.0f"},
			{head: "packages outside the standard library", figure: "packages", format: "%.0f"},
			{head: "init ms", figure: "init ms", format: "%.2f"},
		},
		leaves: []string{"sentrial-small", "sentrial-span", "sentrial-redactor", "sentrial-gzip", "sentrial-zstd", "otel-gzip"},
		once:   true,
		losing: true,
		local:  measureWeight,
	}
}

// measureWeight builds the program below weight/ that uses the SDK once, and looks at it. It needs the go command and this module as the working folder, as
// make bench-peers has it.
func measureWeight(ctx context.Context, k peer.Kind) (*result, error) {
	base, err := plainProgram()
	if err != nil {
		return nil, err
	}
	r, err := weigh(ctx, k.Name)
	if err == nil {
		r.set("over MB", r.Figures["binary MB"]-base.Figures["binary MB"])
	}
	return r, err
}

// plainProgram has nothing but what all SDKs use.
var plainProgram = sync.OnceValues(func() (*result, error) { return weigh(context.Background(), peer.Nothing) })

func weigh(ctx context.Context, name string) (*result, error) {
	dir, err := os.MkdirTemp("", "sentrial-weight-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, name)
	if _, err := output(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./weight/"+name); err != nil {
		return nil, err
	}
	r := newResult()
	for _, look := range []func(context.Context, *result, string, string) error{size, modules, packages, initTime} {
		if err := look(ctx, r, name, program); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func size(_ context.Context, r *result, _, program string) error {
	info, err := os.Stat(program)
	if err == nil {
		r.set("binary MB", float64(info.Size())/1e6)
	}
	return err
}

// modules counts those that have code in the program.
func modules(_ context.Context, r *result, _, program string) error {
	info, err := buildinfo.ReadFile(program)
	if err == nil {
		r.set("modules", float64(len(info.Deps)))
	}
	return err
}

func packages(ctx context.Context, r *result, name, _ string) error {
	list, err := output(ctx, "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./weight/"+name)
	if err == nil {
		r.set("packages", float64(len(strings.Fields(list))-1)) // one is the program
	}
	return err
}

const initRuns = 10

var initClock = regexp.MustCompile(`(?m)^init \S+ @[\d.]+ ms, ([\d.]+) ms clock`)

// initTime adds up what the packages spend before main begins, in the best of some runs.
func initTime(ctx context.Context, r *result, _, program string) error {
	best := 0.0
	for run := range initRuns {
		cmd := exec.CommandContext(ctx, program)
		cmd.Env = append(quietEnvironment(os.Environ()), "GODEBUG=inittrace=1")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		if sum := sumOfClocks(said.String()); run == 0 || sum < best {
			best = sum
		}
	}
	r.set("init ms", best)
	return nil
}

func sumOfClocks(trace string) (sum float64) {
	for _, m := range initClock.FindAllStringSubmatch(trace, -1) {
		ms, _ := strconv.ParseFloat(m[1], 64)
		sum += ms
	}
	return sum
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the go command
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, lastLines(said.String()))
	}
	return out.String(), nil
}
