package cli

import (
	"github.com/spf13/cobra"
)

func (a *app) keysCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "keys",
		Aliases: []string{"key"},
		Short:   "Make, list and revoke API keys",
		Long: `A key belongs to one project and says what may be done there: events:write records, sessions:read reads, admin does
both, deletes, and makes and revokes keys.

Until the first key is made, a server on loopback trusts everybody on the machine; from then on it asks everybody for
one. With --db the keys are written into the store's file, also while a server uses it, and it knows them within a
second: that needs no key, so nobody can be locked out for good.`,
		Example: `  sentrial keys create --db ./sentrial.db --project shop --name ci --expires 90d
  sentrial keys list --db ./sentrial.db --project shop
  sentrial keys revoke key_0198c0de-5a17-7c3e-a3b2-6d1f9e0c4b7a --db ./sentrial.db --project shop`,
	}, a.keysCreateCommand(), a.keysListCommand(), a.keysRevokeCommand())
}
