package cli

import "github.com/spf13/cobra"

func (a *app) sessionsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:        "sessions",
		Aliases:    []string{"session"},
		SuggestFor: []string{"list", "ls", "get", "show"},
		Short:      "List sessions, or draw one as a timeline",
		Example:    "  sentrial sessions list --last 7d --status error\n  sentrial sessions get SESSION_ID",
	}, a.sessionsListCommand(), a.sessionsGetCommand())
}
