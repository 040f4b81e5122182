// Package cli is the sentrial command: it serves, shows what was recorded, and runs the demo.
//
// Data goes to stdout, messages go to stderr. Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 auth, 5 unreachable,
// 130 interrupted.
package cli

import (
	"context"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// app is one run of the command.
type app struct {
	stdin    io.Reader
	out, err io.Writer // stdout and stderr as they were given
	getenv   func(string) string
	now      func() time.Time
	detect   func(io.Writer, func(string) string) console.Console
	asJSON   bool // --json is among the arguments
	noColor  bool
	started  bool // the arguments were understood and the command runs

	configFlag string
	file       configuration
}

// Run executes the command line args (without the program's name) and returns the exit code. When ctx ends, serve stops
// gracefully with 0, as does demo when it has shown all and only its server is left; every other command returns 130.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newApp(args, stdin, stdout, stderr).execute(ctx, args)
}

func newApp(args []string, stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{
		stdin:  stdin,
		out:    stdout,
		err:    stderr,
		getenv: os.Getenv,
		now:    time.Now,
		detect: console.Detect,
		asJSON: slices.Contains(args, "--json") || slices.Contains(args, "--json=true"),
	}
}

func (a *app) execute(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(append([]string{}, args...)) // cobra takes nil for the process's own arguments
	return a.exit(ctx, root.ExecuteContext(ctx))
}

// root assembles the commands.
func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "sentrial",
		Short:         "Record, store and read what agents do",
		Long:          rootLong,
		Example:       rootExample,
		Version:       build().Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetIn(a.stdin)
	cmd.SetOut(sink{a.out})
	cmd.SetErr(a.err)
	cmd.SetFlagErrorFunc(wrongFlag)
	cmd.PersistentFlags().BoolVar(&a.noColor, "no-color", false, "no colours (also: NO_COLOR, CI, TERM=dumb)")
	cmd.PersistentFlags().StringVar(&a.configFlag, "config", "", "read the settings from this file ("+configVariable+")")
	cmd.AddCommand(
		a.serveCommand(), a.sessionsCommand(), a.eventsCommand(), a.tailCommand(), a.statsCommand(), a.rollupsCommand(),
		a.exportCommand(), a.importCommand(), a.explainSpanCommand(), a.deleteCommand(), a.forgetCommand(), a.backupCommand(), a.keysCommand(),
		a.doctorCommand(), a.configCommand(), a.completionCommand(), a.demoCommand(), a.spoolCommand(), a.pricesCommand(), a.versionCommand(),
	)
	return cmd
}

const rootLong = `sentrial records what agents do, stores it and shows it.

Commands ask the server at --url, SENTRIAL_API_URL or ` + defaultURL + `,
or use a store's file with --db. A configuration file can hold such settings, see ` + "`sentrial config --help`" + `.

Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 auth, 5 unreachable, 130 interrupted.`

const rootExample = `  sentrial demo                          see it work, from nothing
  sentrial serve --db ./sentrial.db      receive what agents record
  sentrial sessions list --last 24h      what happened lately
  sentrial sessions get SESSION_ID       one session as a timeline
  sentrial tail                          what happens now
  sentrial doctor                        why something does not work`

// run marks the moment from which an error is no longer about the arguments, and adds what the configuration file says to them.
func (a *app) run(fn func(cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.started = true
		if err := a.configure(cmd); err != nil {
			return err
		}
		return a.placed(cmd, fn(cmd, args))
	}
}

// group is a command that only holds others.
func group(cmd *cobra.Command, children ...*cobra.Command) *cobra.Command {
	cmd.Args = noSuchCommand
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(children...)
	return cmd
}

// stdout describes where data goes.
func (a *app) stdout() console.Console { return a.console(a.out) }

// stderr describes where messages go.
func (a *app) stderr() console.Console { return a.console(a.err) }

func (a *app) console(w io.Writer) console.Console {
	c := a.detect(w, a.getenv)
	if a.noColor {
		c = c.Plain()
	}
	return c
}
