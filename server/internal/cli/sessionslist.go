package cli

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/types"
)

// sessionStatuses are what --status takes.
var sessionStatuses = []string{
	string(types.StatusActive), string(types.StatusSuccess), string(types.StatusError), string(types.StatusCancelled), string(types.StatusUnknown),
	string(types.StatusAbandoned),
}

// sessionFilters are the flags that travel as they are; the value is the query parameter.
var sessionFilters = map[string]string{
	"status": "status", "agent": "agent", "user": "user", "conversation": "conversation", "model": "model", "tool": "tool", "query": "q",
}

func (a *app) sessionsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List sessions, newest first",
		Example: `  sentrial sessions list
  sentrial sessions list --last 7d --status error --agent support
  sentrial sessions list --tool refund --model gpt-4o --all
  sentrial sessions list -q "order 4711" --db ./sentrial.db
  sentrial sessions list --json | jq -r '.data[].id'`,
		Args: noSession,
		RunE: a.run(a.listSessions),
	}
	addSessionFilters(cmd)
	addPaging(cmd, 50, "sessions")
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

// noSession refuses arguments, and says where a session's id belongs.
func noSession(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("`sentrial sessions get "+args[0]+"` shows one session; -q finds words.", "`%s` takes no arguments, got %q", cmd.CommandPath(), args[0])
}

// addSessionFilters gives cmd the flags that select sessions.
func addSessionFilters(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("status", "", "only this status: "+strings.Join(sessionStatuses, ", "))
	f.String("agent", "", "only this agent")
	f.String("user", "", "only this user")
	f.String("conversation", "", "only this conversation")
	f.String("model", "", "only sessions that called this model")
	f.String("tool", "", "only sessions that called this tool")
	f.StringP("query", "q", "", "only sessions whose events have all these words, or whose id this is")
	addSpan(cmd)
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(sessionStatuses, cobra.ShellCompDirectiveNoFileComp))
}

func (a *app) listSessions(cmd *cobra.Command, _ []string) error {
	query, err := sessionQuery(cmd)
	if err != nil {
		return err
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	got, err := collect(cmd, query, func(q url.Values) (*apiclient.Page, error) { return src.Sessions(cmd.Context(), q) })
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printList(got, "session")
	}
	return a.printSessions(got)
}

func asJSON(cmd *cobra.Command) bool {
	v, _ := cmd.Flags().GetBool("json")
	return v
}

func sessionQuery(cmd *cobra.Command) (url.Values, error) {
	query := url.Values{}
	for flag, parameter := range sessionFilters {
		if v, _ := cmd.Flags().GetString(flag); v != "" {
			query.Set(parameter, v)
		}
	}
	if s := query.Get("status"); s != "" && !slices.Contains(sessionStatuses, s) {
		return nil, usage("", "--status %q: expected one of %s", s, strings.Join(sessionStatuses, ", "))
	}
	return query, span(cmd, query)
}
