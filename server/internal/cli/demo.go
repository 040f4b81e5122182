package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sentrial/sentrial-go/server/demo"
	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

func (a *app) demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:         "demo [QUESTION]",
		Short:       "Watch a real agent being recorded, from nothing",
		Annotations: map[string]string{unconfigured: "the demo shall not write into a store that is in use"},
		Long: `demo starts a server, lets an agent with real tools answer a question about the files around you, records all it
does and draws the session.

The agent's planner is a small stand-in for a model, unless OPENAI_BASE_URL (with OPENAI_API_KEY and OPENAI_MODEL)
names an endpoint. On a terminal the server stays until Ctrl-C, so that you can look around; else demo ends when done.`,
		Example: `  sentrial demo
  sentrial demo "Which file is the longest?"
  sentrial demo --db ./demo.db </dev/null && sentrial sessions list --db ./demo.db`,
		RunE: a.run(func(cmd *cobra.Command, args []string) error {
			file, _ := cmd.Flags().GetString("db")
			dir, _ := cmd.Flags().GetString("dir")
			return demo.Run(cmd.Context(), demo.Options{
				Question:    strings.Join(args, " "),
				Dir:         dir,
				DBPath:      file,
				Model:       demo.ModelFromEnv(),
				Interactive: a.interactive(),
				Show:        a.show,
				Program:     program(),
				Stdout:      sink{a.out},
				Stderr:      a.err,
			})
		}),
	}
	cmd.Flags().String("db", "", "keep the recording in this SQLite file")
	cmd.Flags().String("dir", "", "the directory to ask about (default: the repository around you)")
	_ = cmd.MarkFlagFilename("db", "db", "sqlite")
	_ = cmd.MarkFlagDirname("dir")
	return cmd
}

// show draws a session that the server at url holds.
func (a *app) show(ctx context.Context, url, session string) error {
	client, err := apiclient.New(apiclient.Config{BaseURL: url})
	if err != nil {
		return err
	}
	got, err := readSession(ctx, client, session)
	if err != nil {
		return err
	}
	return a.draw(got, a.drawing())
}

// interactive reports whether a person is at both ends.
func (a *app) interactive() bool { return a.attended() && a.stdout().Terminal }

// asks reports whether a person would see a question, and can answer it.
func (a *app) asks() bool { return a.attended() && a.stderr().Terminal }

// attended reports whether a person is at stdin.
func (a *app) attended() bool {
	in, ok := a.stdin.(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}

// program is how to call this command again: what `go run` built is gone when it ends.
func program() string {
	path, err := os.Executable()
	if err != nil || !strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "sentrial"
	}
	return "go run ./server/cmd/sentrial"
}
