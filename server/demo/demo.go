// Package demo is what `sentrial demo` runs: an agent with real tools answers a question about a directory tree, every step of it is recorded by the
// SDK, sent over HTTP to a sentrial server started for the occasion, stored in SQLite and shown as a timeline.
//
// Nothing in it is acted out. The tools read real files, the agent's error is a file that is not there, its recovery is what it did next, and the
// model is whatever speaks the OpenAI chat completions wire at Options.Model; without one, a rule-based stand-in that says so (package standin).
package demo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// Run runs the demo and returns when it is done, with Options.Interactive when ctx ends. It binds 127.0.0.1:0 only, so several may run at once.
//
// The caller's SENTRIAL_* and OTEL_* variables are removed from this process, for good: the demo must come out the same whatever they say.
func Run(ctx context.Context, opts Options) (err error) {
	if err := forgetEnvironment(); err != nil {
		return err
	}
	opts.setDefaults()
	house, err := open(ctx, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.close()) }()
	return house.host(ctx, opts)
}

// host lets the agent answer, shows what was recorded, and stays where somebody may want to look around.
func (h *house) host(ctx context.Context, opts Options) error {
	h.announce(opts)
	run, failed := h.ask(ctx, opts)
	if run.sessionID == "" {
		return failed
	}
	if failed == nil {
		fmt.Fprintf(opts.Stdout, "Answer: %s\n\n", console.CleanBlock(run.answer)) // the model's words may hold what the files say
	}
	if opts.Show != nil && ctx.Err() == nil {
		failed = errors.Join(failed, opts.Show(ctx, h.url, run.sessionID))
	}
	if failed != nil && opts.Interactive {
		fmt.Fprintln(opts.Stderr, "The run failed:", console.CleanBlock(failed.Error()))
	}
	opts.hint(h.url, run)
	if opts.Interactive {
		<-ctx.Done()
	}
	return failed
}

// announce says what runs where before anything happens.
func (h *house) announce(opts Options) {
	fmt.Fprintf(opts.Stderr, "sentrial server  %s, storing in %s\n", h.url, h.dbPath)
	if h.standIn {
		fmt.Fprintf(opts.Stderr, "model            %s: OPENAI_BASE_URL is not set, so the planning is done by a rule-based stand-in, not a language model\n", h.model.ModelName())
	} else {
		fmt.Fprintf(opts.Stderr, "model            %s at %s, which is sent the question and the files that the agent reads\n", h.model.ModelName(), h.model.Address())
	}
	fmt.Fprintf(opts.Stderr, "directory        %s\n", h.dir)
	fmt.Fprintf(opts.Stderr, "question         %s\n\n", opts.Question)
}

// hint says where to look next.
func (o Options) hint(url string, run recording) {
	fmt.Fprintf(o.Stdout, "\n%d events recorded, %d delivered.", run.stats.Accepted, run.stats.Delivered)
	where := ""
	switch {
	case o.DBPath != "":
		where = "--db " + shellWord(o.DBPath)
	case o.Interactive:
		where = "--url " + url
	default:
		fmt.Fprintf(o.Stdout, " Nothing is kept; to keep it: %s demo --db demo.db\n", o.Program)
		return
	}
	fmt.Fprintf(o.Stdout, " Where to look next:\n  %[1]s sessions list %[2]s\n  %[1]s sessions get %[3]s %[2]s --json\n", o.Program, where, run.sessionID)
	if o.Interactive {
		fmt.Fprintf(o.Stdout, "The server stays at %s until Ctrl-C.\n", url)
	}
}

// shellWord is text as one word of a POSIX shell.
func shellWord(text string) string {
	if strings.Trim(filepath.ToSlash(text), shellPlain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// shellPlain is what a shell takes as it is.
const shellPlain = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:-`

// title is the name of the session.
func title(dir string) string { return "Question about " + filepath.Base(dir) }
