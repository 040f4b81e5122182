package cli

import (
	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
)

// What the server shows of itself to an identity provider. It is in the environment alone: flags are seen by everybody on the machine.
const (
	introspectClientID     = "SENTRIAL_INTROSPECT_CLIENT_ID"
	introspectClientSecret = "SENTRIAL_INTROSPECT_CLIENT_SECRET"
)

func addIntrospection(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("introspect", "", "endpoint (RFC 7662) of an identity provider, whose active tokens may record, beside keys; "+
		introspectClientID+" and "+introspectClientSecret+" say who asks")
	f.String("introspect-token-url", "", "where those get a bearer token for the endpoint; without it they are shown to the endpoint itself")
	f.String("introspect-scope", "", "scope of that token")
	f.String("introspect-project", "default", "project that tokens speak for")
	f.StringArray("introspect-require", nil, "scope that a token must have; may be given several times")
	f.String("introspect-audience", "", "audience that a token must have been made for; without it tokens for others are as good")
}

// introspection is what the flags say of an identity provider, nil if they name none.
func (a *app) introspection(cmd *cobra.Command) (*server.Introspection, error) {
	i := &server.Introspection{
		URL: a.setting(cmd, "introspect"), TokenURL: a.setting(cmd, "introspect-token-url"), Scope: a.setting(cmd, "introspect-scope"),
		Project: a.setting(cmd, "introspect-project"), ClientID: a.getenv(introspectClientID), ClientSecret: a.getenv(introspectClientSecret),
	}
	i.Audience = a.setting(cmd, "introspect-audience")
	i.Require, _ = cmd.Flags().GetStringArray("introspect-require")
	if i.URL != "" {
		if err := i.Check(); err != nil {
			return nil, usage("", "--introspect: %v", err)
		}
		return i, nil
	}
	if i.TokenURL != "" || i.Scope != "" || i.Audience != "" || len(i.Require) > 0 || i.Project != "default" {
		return nil, usage("Name the endpoint, such as --introspect https://idp.example/introspect.", "the flags --introspect-… say nothing without --introspect")
	}
	return nil, nil
}
