package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func (a *app) keysCreateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a key and print it, this once",
		Long: `create makes a key and prints it on stdout, everything else on stderr. The server keeps only its hash: nobody can show
it again.`,
		Example: `  sentrial keys create --db ./sentrial.db
  sentrial keys create --scope events:write --project shop --name "shop's agent" --expires 90d
  export SENTRIAL_API_KEY=$(sentrial keys create --db ./sentrial.db --scope admin)`,
		Args: cobra.NoArgs,
		RunE: a.run(a.createKey),
	}
	f := cmd.Flags()
	f.StringSlice("scope", []string{"events:write", "sessions:read"}, "what it allows: "+strings.Join(server.Scopes, ", ")+"; may be given several times")
	f.String("name", "", "what it is for")
	f.String("expires", "", "how long it is good: 12h, 90d (default: until it is revoked)")
	addSource(cmd)
	a.completeFlags(cmd)
	_ = cmd.RegisterFlagCompletionFunc("scope", cobra.FixedCompletions(server.Scopes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) createKey(cmd *cobra.Command, _ []string) error {
	wanted, err := newKey(cmd)
	if err != nil {
		return err
	}
	src, err := a.openFor(cmd, toCreate)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	raw, err := src.CreateKey(cmd.Context(), wanted)
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printJSON(raw)
	}
	return a.printKey(raw)
}

// newKey is what the flags say.
func newKey(cmd *cobra.Command) (key apiclient.NewKey, err error) {
	key.Name, _ = cmd.Flags().GetString("name")
	key.Scopes, _ = cmd.Flags().GetStringSlice("scope")
	key.ExpiresIn, _ = cmd.Flags().GetString("expires")
	for _, scope := range key.Scopes {
		if !slices.Contains(server.Scopes, scope) {
			return key, usage(suggestScope(scope), "--scope %q: expected %s", scope, strings.Join(server.Scopes, ", "))
		}
	}
	switch {
	case len(key.Scopes) == 0:
		return key, usage("", "--scope: expected %s", strings.Join(server.Scopes, ", "))
	case key.ExpiresIn != "" && !isBack(key.ExpiresIn):
		return key, usage("", "--expires %q: expected a duration, such as 12h or 90d", key.ExpiresIn)
	}
	return key, nil
}

// suggestScope is a hint for one that does not exist: a scope that is spelled nearly so, begins so, or ends in the same verb.
func suggestScope(wrong string) string {
	if wrong == "" {
		return ""
	}
	known := &cobra.Command{SuggestionsMinimumDistance: 2} // what finds misspelled commands finds scopes
	for _, scope := range server.Scopes {
		known.AddCommand(&cobra.Command{Use: scope, Run: func(*cobra.Command, []string) {}})
	}
	meant := known.SuggestionsFor(wrong)
	verb := wrong[strings.LastIndexAny(wrong, ":._-")+1:]
	for _, scope := range server.Scopes {
		if verb != "" && strings.HasSuffix(scope, ":"+verb) {
			meant = append(meant, scope)
		}
	}
	if len(meant) == 0 {
		return ""
	}
	return "Did you mean --scope " + meant[0] + "?"
}

// keyOfAPI is a key as the API shows it.
type keyOfAPI struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Prefix     string     `json:"prefix"`
	Project    string     `json:"project"`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at"`
	RevokedAt  *time.Time `json:"revoked_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
	Key        string     `json:"key"`
}

func (a *app) printKey(raw json.RawMessage) error {
	var key keyOfAPI
	if err := json.Unmarshal(raw, &key); err != nil {
		return fmt.Errorf("cannot read the key: %w", err)
	}
	end := "until it is revoked"
	if key.ExpiresAt != nil {
		end = "until " + key.ExpiresAt.UTC().Format(time.RFC3339)
	}
	_ = a.note(fmt.Sprintf("%s allows %s in project %s %s", console.CleanLine(key.ID), console.CleanLine(strings.Join(key.Scopes, ", ")), console.CleanLine(key.Project), end))
	_ = a.note("keep the key, it is not shown again")
	_, err := fmt.Fprintln(sink{a.out}, console.CleanLine(key.Key))
	return err
}
