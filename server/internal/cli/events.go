package cli

import (
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/table"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

// eventTypes are offered by completion; --type takes any other too, for the server stores types it does not know.
var eventTypes = []string{
	string(types.EventSessionStart), string(types.EventSessionUpdate), string(types.EventSessionEnd), string(types.EventToolCall),
	string(types.EventDecision), string(types.EventLLMCall), string(types.EventError), string(types.EventStep), string(types.EventFeedback),
}

func (a *app) eventsCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "events [SESSION_ID]",
		Aliases: []string{"event"},
		Short:   "List the events of a session",
		Long:    "events SESSION_ID is short for events list SESSION_ID.",
		Example: "  sentrial events SESSION_ID --type error\n  sentrial events list SESSION_ID --all --json | jq -r '.data[].type'",
	}, a.eventsListCommand())
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = a.eventsAlone
	a.addEventFlags(cmd)
	return cmd
}

// eventsAlone lists the events of a session that is named, and else helps: with a word that is much like a command too.
func (a *app) eventsAlone(cmd *cobra.Command, args []string) error {
	session, _ := cmd.Flags().GetString("session")
	cmd.SuggestionsMinimumDistance = 2
	switch {
	case len(args) == 0 && session == "":
		return cmd.Help()
	case len(args) > 0 && len(cmd.SuggestionsFor(args[0])) > 0:
		return noSuchCommand(cmd, args)
	case len(args) > 1:
		return usage("Usage: "+cmd.UseLine(), "expected one SESSION_ID, got %d arguments", len(args))
	}
	return a.run(a.listEvents)(cmd, args)
}

func (a *app) eventsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list [SESSION_ID]",
		Aliases: []string{"ls"},
		Short:   "List the events of a session, in order",
		Example: `  sentrial events list SESSION_ID
  sentrial events list --session SESSION_ID --type tool_call --type llm_call
  sentrial events list SESSION_ID --all --json | jq '.data[] | select(.status == "error")'`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.run(a.listEvents),
	}
	a.addEventFlags(cmd)
	return cmd
}

func (a *app) addEventFlags(cmd *cobra.Command) {
	cmd.Flags().String("session", "", "the session")
	cmd.Flags().StringSlice("type", nil, "only events of this type; may be given several times")
	addPaging(cmd, 100, "events")
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = a.completeOneSession()
	_ = cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(eventTypes, cobra.ShellCompDirectiveNoFileComp))
}

func (a *app) listEvents(cmd *cobra.Command, args []string) error {
	session, err := sessionArgument(cmd, args)
	if err != nil {
		return err
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	kinds, _ := cmd.Flags().GetStringSlice("type")
	query := url.Values{"type": kinds}
	got, err := collect(cmd, query, func(q url.Values) (*apiclient.Page, error) { return src.Events(cmd.Context(), session, q) })
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printList(got, "event")
	}
	return a.printEvents(got)
}

// sessionArgument takes the session from --session or from the argument.
func sessionArgument(cmd *cobra.Command, args []string) (string, error) {
	session, _ := cmd.Flags().GetString("session")
	switch {
	case len(args) == 1 && session != "" && args[0] != session:
		return "", usage("Usage: "+cmd.UseLine(), "two sessions were named: --session %s and %s", session, args[0])
	case len(args) == 1:
		session = args[0]
	}
	if session == "" {
		return "", usage("Usage: "+cmd.UseLine(), "no session was named: expected SESSION_ID or --session SESSION_ID")
	}
	return session, nil
}

// printEvents draws the table, and says on stderr when there is nothing or more.
func (a *app) printEvents(got list) error {
	if len(got.data) == 0 {
		return a.note("no events match")
	}
	c := a.stdout()
	t := table.New(
		table.Column{Title: "TIME"},
		table.Column{Title: "TYPE"},
		table.Column{Title: "STATUS", Drop: 1},
		table.Column{Title: "DURATION", Right: true},
		table.Column{Title: "ID", Drop: 2},
		table.Column{Title: "WHAT", Min: 40},
	)
	for _, raw := range got.data {
		t.Add(eventRow(c, decodeEvent(raw))...)
	}
	if err := t.Write(sink{a.out}, c); err != nil {
		return err
	}
	return a.noteMore(got, "event")
}

func eventRow(c console.Console, e types.Event) []console.Text {
	return []console.Text{
		console.Line(console.None, eventTime(c, e.Timestamp)),
		console.Line(console.None, string(e.Type)),
		timeline.StatusText(c, e.Status),
		timeline.DurationText(e),
		console.Line(console.Dim, e.ID),
		timeline.Summary(c, e),
	}
}

// eventTime is a local time of day for a person and an exact time for a program.
func eventTime(c console.Console, t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case c.Terminal:
		return t.Local().Format("15:04:05.000")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}
