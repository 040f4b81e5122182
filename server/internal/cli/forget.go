package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) forgetCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forget --user USER_ID",
		Short: "Erase every session of a user, for good",
		Long: `forget erases all sessions of one user with their events, and says first how many that are. On a terminal it asks;
elsewhere it needs --yes. Keys need the scope admin.`,
		Example: `  sentrial forget --user user_42
  sentrial forget --user user_42 --yes --json`,
		Args: cobra.NoArgs,
		RunE: a.run(a.forgetUser),
	}
	cmd.Flags().String("user", "", "the user, as sessions name it")
	_ = cmd.MarkFlagRequired("user")
	addConfirmation(cmd)
	addSource(cmd)
	a.completeFlags(cmd)
	return cmd
}

func (a *app) forgetUser(cmd *cobra.Command, _ []string) error {
	user, _ := cmd.Flags().GetString("user")
	if user == "" {
		return usage("Usage: "+cmd.UseLine(), "no user was named: expected --user USER_ID")
	}
	src, err := a.openFor(cmd, toChange)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	all, err := countUser(cmd.Context(), src, user)
	if err != nil {
		return err
	}
	if all.Sessions == 0 {
		return &problem{exit: exitNotFound, what: fmt.Sprintf("no sessions of user %s in this project", user), hint: "--project looks into another project."}
	}
	what := fmt.Sprintf("%s of user %s with %s will be erased, for good.\n", format.Plural(all.Sessions, "session"), console.CleanLine(user), format.Plural(all.Events, "event"))
	if err := a.confirm(cmd, what); err != nil {
		return err
	}
	gone, err := src.DeleteUser(cmd.Context(), user)
	if err != nil {
		return err
	}
	return a.printErased(cmd, user, gone)
}

// countUser adds up what there is of a user.
func countUser(ctx context.Context, src source, user string) (sum apiclient.Erased, err error) {
	query := url.Values{"user": {user}, "limit": {strconv.Itoa(maxPage)}}
	for {
		page, err := src.Sessions(ctx, query)
		if err != nil {
			return sum, err
		}
		for _, raw := range page.Data {
			var s struct {
				Events int `json:"events"`
			}
			if err := json.Unmarshal(raw, &s); err != nil {
				return sum, fmt.Errorf("cannot read a session of the list: %w", err)
			}
			sum.Sessions++
			sum.Events += s.Events
		}
		if page.NextCursor == "" {
			return sum, nil
		}
		query.Set("cursor", page.NextCursor)
	}
}

func (a *app) printErased(cmd *cobra.Command, user string, gone apiclient.Erased) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(map[string]any{"user": user, "sessions": gone.Sessions, "events": gone.Events})
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	_, err := fmt.Fprintf(sink{a.out}, "forgot %s: %s, %s\n", console.CleanLine(user), format.Plural(gone.Sessions, "session"), format.Plural(gone.Events, "event"))
	return err
}
