package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

func (a *app) keysListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the keys of a project, oldest first",
		Example: `  sentrial keys list --db ./sentrial.db
  sentrial keys list --json | jq -r '.data[] | select(.revoked_at == null).id'`,
		Args: cobra.NoArgs,
		RunE: a.run(a.listKeys),
	}
	addSource(cmd)
	a.completeFlags(cmd)
	return cmd
}

func (a *app) listKeys(cmd *cobra.Command, _ []string) error {
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	page, err := src.Keys(cmd.Context())
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printJSON(listDocument(page.Data, page.NextCursor))
	}
	return a.printKeys(page)
}

func (a *app) printKeys(page *apiclient.Page) error {
	if len(page.Data) == 0 {
		return a.note("the project has no keys")
	}
	c := a.stdout()
	t := table.New(
		table.Column{Title: "ID"},
		table.Column{Title: "NAME", Min: 12},
		table.Column{Title: "BEGINS WITH", Drop: 5},
		table.Column{Title: "STATE"},
		table.Column{Title: "SCOPES", Drop: 1},
		table.Column{Title: "CREATED", Drop: 4},
		table.Column{Title: "EXPIRES", Drop: 6},
		table.Column{Title: "LAST USED", Drop: 3},
	)
	for _, raw := range page.Data {
		var key keyOfAPI
		if err := json.Unmarshal(raw, &key); err != nil {
			return fmt.Errorf("cannot read a key of the list: %w", err)
		}
		t.Add(a.keyRow(c, &key)...)
	}
	return t.Write(sink{a.out}, c)
}

func (a *app) keyRow(c console.Console, key *keyOfAPI) []console.Text {
	state, color := key.state(a.now())
	return []console.Text{
		console.Line(console.None, key.ID),
		console.Line(console.Bold, format.Preview(key.Name)),
		console.Line(console.None, key.Prefix),
		console.Line(color, state),
		console.Line(console.None, strings.Join(key.Scopes, " ")),
		console.Line(console.None, a.startedAt(c, key.CreatedAt)),
		console.Line(console.None, a.startedAt(c, timeOf(key.ExpiresAt))),
		console.Line(console.None, a.startedAt(c, timeOf(key.LastUsedAt))),
	}
}

func (k *keyOfAPI) state(now time.Time) (string, console.Style) {
	switch {
	case k.RevokedAt != nil:
		return "revoked", console.Red
	case k.ExpiresAt != nil && !now.Before(*k.ExpiresAt):
		return "expired", console.Red
	}
	return "valid", console.Green
}

// timeOf is a time that may be missing.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
