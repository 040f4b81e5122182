package cli

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

func (a *app) keysRevokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "revoke KEY_ID...",
		Short: "End keys, for good",
		Long: `revoke ends keys: within a second no server takes them any more. Revoking one again changes nothing.
Exit code 3 names those that are not there; the others are revoked all the same.`,
		Example: `  sentrial keys revoke key_0198c0de-5a17-7c3e-a3b2-6d1f9e0c4b7a
  sentrial keys list --json | jq -r '.data[] | select(.name == "ci").id' | xargs sentrial keys revoke`,
		Args: atLeast("KEY_ID"),
		RunE: a.run(a.revokeKeys),
	}
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = a.completeKeys()
	return cmd
}

// revocation is what became of the keys that were named, in the form of --json.
type revocation struct {
	Revoked  []string `json:"revoked"`
	NotFound []string `json:"not_found"`
}

func (a *app) revokeKeys(cmd *cobra.Command, ids []string) error {
	src, err := a.openFor(cmd, toChange)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	done := revocation{Revoked: []string{}, NotFound: []string{}}
	err = done.run(cmd.Context(), src, ids)
	if printed := a.printRevocation(cmd, done); printed != nil || err != nil {
		return errors.Join(err, printed)
	}
	return done.problem()
}

// run revokes one key after the other, also behind one that is not there: the others may be in the wrong hands.
func (r *revocation) run(ctx context.Context, src source, ids []string) error {
	for _, id := range ids {
		err := src.RevokeKey(ctx, id)
		switch {
		case isNotFound(err):
			r.NotFound = append(r.NotFound, id)
		case err != nil:
			return err
		default:
			r.Revoked = append(r.Revoked, id)
		}
	}
	return nil
}

func (a *app) printRevocation(cmd *cobra.Command, r revocation) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	for _, id := range r.Revoked {
		_ = a.note(console.CleanLine(id) + " is revoked")
	}
	return nil
}

func (r *revocation) problem() error {
	if len(r.NotFound) == 0 {
		return nil
	}
	return &problem{
		exit: exitNotFound, what: "no such keys in this project: " + strings.Join(r.NotFound, ", "),
		hint: "`sentrial keys list` shows what is there; --project looks into another project.",
	}
}
