package cli

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func (a *app) keysRevokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "revoke KEY_ID...",
		Short: "End keys, for good",
		Long:  `revoke ends keys: within a second no server takes them any more. Revoking one again changes nothing.`,
		Example: `  sentrial keys revoke key_0198c0de-5a17-7c3e-a3b2-6d1f9e0c4b7a
  sentrial keys list --json | jq -r '.data[] | select(.name == "ci").id' | xargs sentrial keys revoke`,
		Args: atLeastOne("KEY_ID"),
		RunE: a.run(a.revokeKeys),
	}
	addSource(cmd)
	return cmd
}

// atLeastOne takes arguments and names them when there are none.
func atLeastOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || slices.Contains(args, "") {
			return usage("Usage: "+cmd.UseLine(), "expected at least one %s, and none that is empty", name)
		}
		return nil
	}
}

func (a *app) revokeKeys(cmd *cobra.Command, ids []string) error {
	src, err := a.openFor(cmd, toChange)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	for _, id := range ids {
		if err := src.RevokeKey(cmd.Context(), id); err != nil {
			return unknownKey(err)
		}
		if !asJSON(cmd) {
			_ = a.note(console.CleanLine(id) + " is revoked")
		}
	}
	if !asJSON(cmd) {
		return nil
	}
	doc, err := json.Marshal(map[string][]string{"revoked": ids})
	if err != nil {
		return err
	}
	return a.printJSON(doc)
}

// unknownKey advises what to do about an id that the project does not have.
func unknownKey(err error) error {
	var api *apiclient.Error
	if !errors.As(err, &api) || api.Status != http.StatusNotFound {
		return err
	}
	return &problem{
		exit: exitNotFound, what: api.Error(), code: api.Code, err: err,
		hint: "`sentrial keys list` shows what is there; --project looks into another project.",
	}
}
