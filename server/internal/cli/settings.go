package cli

import "github.com/spf13/cobra"

// setting is a flag's value, else the first of the environment variables that is set, else the flag's default. An
// empty value counts as not set.
func (a *app) setting(cmd *cobra.Command, flag string, variables ...string) string {
	f := cmd.Flags().Lookup(flag)
	if f.Changed && f.Value.String() != "" {
		return f.Value.String()
	}
	for _, name := range variables {
		if v := a.getenv(name); v != "" {
			return v
		}
	}
	return f.DefValue
}
