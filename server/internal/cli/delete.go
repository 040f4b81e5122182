package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) deleteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "delete SESSION_ID...",
		Short: "Erase sessions and all of their events, for good",
		Long: `delete erases sessions with their events and says first what will go. On a terminal it asks; elsewhere it needs --yes.

What is erased stays erased: events that come later for such a session are not stored. Keys need the scope admin.`,
		Example: `  sentrial delete SESSION_ID
  sentrial delete SESSION_ID OTHER_ID --yes
  sentrial sessions list --agent test --all --json | jq -r '.data[].id' | xargs sentrial delete --yes`,
		Args: atLeast("SESSION_ID"),
		RunE: a.run(a.deleteSessions),
	}
	addConfirmation(cmd)
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = a.completeSessions()
	return cmd
}

// atLeast takes one argument or more, and names it when it is missing or empty.
func atLeast(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || slices.Contains(args, "") {
			return usage("Usage: "+cmd.UseLine(), "expected at least one %s, and none that is empty", name)
		}
		return nil
	}
}

// condemned is a session that is to be deleted, in the form of --json.
type condemned struct {
	ID     string `json:"id"`
	Events int    `json:"events"`
	Name   string `json:"-"`
}

// deletion is what became of the sessions that were named.
type deletion struct {
	Deleted  []condemned `json:"deleted"`
	NotFound []string    `json:"not_found"`
}

func (a *app) deleteSessions(cmd *cobra.Command, args []string) error {
	src, err := a.openFor(cmd, toChange)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	found, missing, err := lookUp(cmd.Context(), src, args)
	if err != nil {
		return err
	}
	done := deletion{Deleted: []condemned{}, NotFound: missing}
	if len(found) > 0 {
		if err := a.confirm(cmd, announcement(found)); err != nil {
			return err
		}
		err = errors.Join(done.run(cmd.Context(), src, found), src.purge(cmd.Context()))
	}
	if printed := a.printDeletion(cmd, done); printed != nil || err != nil {
		return errors.Join(err, printed)
	}
	return done.problem()
}

// lookUp finds the sessions of ids, each once, and tells which are not there.
func lookUp(ctx context.Context, src source, ids []string) (found []condemned, missing []string, err error) {
	missing = []string{}
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		raw, err := src.Session(ctx, id)
		if isNotFound(err) {
			missing = append(missing, id)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		s := condemned{ID: id}
		var got struct {
			ID     string `json:"id"`
			Name   string `json:"name"`
			Events int    `json:"events"`
		}
		if err := json.Unmarshal(raw, &got); err != nil {
			return nil, nil, fmt.Errorf("cannot read session %s: %w", id, err)
		}
		if got.ID != id { // another name of it was given
			if seen[got.ID] {
				continue
			}
			s.ID, seen[got.ID] = got.ID, true
		}
		s.Name, s.Events = got.Name, got.Events
		found = append(found, s)
	}
	return found, missing, nil
}

func isNotFound(err error) bool {
	api, ok := errors.AsType[*apiclient.Error](err)
	return ok && api.Status == http.StatusNotFound
}

// maxNamed is how many sessions are named one by one before they are deleted.
const maxNamed = 20

// announcement says what will go.
func announcement(list []condemned) string {
	var b strings.Builder
	events := 0
	for i, s := range list {
		if events += s.Events; i < maxNamed {
			fmt.Fprintf(&b, "  %s  %s  %s\n", s.ID, format.Plural(s.Events, "event"), format.Preview(s.Name))
		}
	}
	if more := len(list) - maxNamed; more > 0 {
		fmt.Fprintf(&b, "  and %s\n", format.Plural(more, "more session"))
	}
	return fmt.Sprintf("%s with %s will be erased, for good:\n%s", format.Plural(len(list), "session"), format.Plural(events, "event"), b.String())
}

// run deletes one session after the other. One that went meanwhile counts as not found.
func (d *deletion) run(ctx context.Context, src source, list []condemned) error {
	for _, s := range list {
		err := src.DeleteSession(ctx, s.ID)
		switch {
		case isNotFound(err):
			d.NotFound = append(d.NotFound, s.ID)
		case err != nil:
			return err
		default:
			d.Deleted = append(d.Deleted, s)
		}
	}
	return nil
}

func (a *app) printDeletion(cmd *cobra.Command, d deletion) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(d)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	for _, s := range d.Deleted {
		if _, err := fmt.Fprintf(sink{a.out}, "deleted %s, %s\n", console.CleanLine(s.ID), format.Plural(s.Events, "event")); err != nil {
			return err
		}
	}
	return nil
}

func (d *deletion) problem() error {
	if len(d.NotFound) == 0 {
		return nil
	}
	return &problem{
		exit: exitNotFound, what: "not found in this project: " + strings.Join(d.NotFound, ", "),
		hint: "`sentrial sessions list` shows what is there; --project looks into another project.",
	}
}
