package cli

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// completePatience is how long a shell waits for a look-up.
const completePatience = time.Second

// completer gives what may stand where toComplete begins.
type completer = func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective)

// lookedUp is a completer that asks where a reading command would. A shell is no place for errors: then there is nothing to choose.
func (a *app) lookedUp(find func(ctx context.Context, src source, cmd *cobra.Command) ([]cobra.Completion, error)) completer {
	return func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), completePatience)
		defer cancel()
		all, err := a.lookUpFor(ctx, cmd, find)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return slices.DeleteFunc(all, func(c cobra.Completion) bool {
			word, _, _ := strings.Cut(c, "\t")
			return !strings.HasPrefix(word, toComplete) || slices.Contains(args, word)
		}), cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) lookUpFor(ctx context.Context, cmd *cobra.Command, find func(context.Context, source, *cobra.Command) ([]cobra.Completion, error)) ([]cobra.Completion, error) {
	if err := a.configure(cmd); err != nil {
		return nil, err
	}
	cmd.SetContext(ctx) // for the opening of a file
	src, err := a.open(cmd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = src.Close() }()
	return find(ctx, src, cmd)
}

// completeSessions gives the newest sessions.
func (a *app) completeSessions() completer {
	return a.lookedUp(func(ctx context.Context, src source, _ *cobra.Command) ([]cobra.Completion, error) {
		page, err := src.Sessions(ctx, url.Values{"limit": {"200"}})
		if err != nil {
			return nil, err
		}
		var all []cobra.Completion
		for _, raw := range page.Data {
			var s struct {
				ID, Name, Status string
				CreatedAt        time.Time `json:"created_at"`
			}
			if json.Unmarshal(raw, &s) == nil && s.ID != "" {
				all = append(all, cobra.CompletionWithDesc(s.ID, console.CleanLine(format.Preview(s.Name)+", "+s.Status+", "+format.Ago(s.CreatedAt, a.now()))))
			}
		}
		return all, nil
	})
}

// completeOneSession is completeSessions for the first argument.
func (a *app) completeOneSession() completer {
	sessions := a.completeSessions()
	return func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return sessions(cmd, args, toComplete)
	}
}

// completeKeys gives the keys that still work.
func (a *app) completeKeys() completer {
	return a.lookedUp(func(ctx context.Context, src source, _ *cobra.Command) ([]cobra.Completion, error) {
		page, err := src.Keys(ctx)
		if err != nil {
			return nil, err
		}
		var all []cobra.Completion
		for _, raw := range page.Data {
			var key keyOfAPI
			if json.Unmarshal(raw, &key) == nil && key.ID != "" && key.RevokedAt == nil {
				all = append(all, cobra.CompletionWithDesc(key.ID, console.CleanLine(format.Preview(key.Name)+", "+strings.Join(key.Scopes, " "))))
			}
		}
		return all, nil
	})
}

// completeFacet gives the values of a facet, the most frequent first.
func (a *app) completeFacet(name func(cmd *cobra.Command) string) completer {
	return a.lookedUp(func(ctx context.Context, src source, cmd *cobra.Command) ([]cobra.Completion, error) {
		page, err := src.List(ctx, "/v1/facets", url.Values{"name": {name(cmd)}, "limit": {"200"}})
		if err != nil {
			return nil, err
		}
		return facetValues(page), nil
	})
}

// facetValues leaves out what a shell cannot show on a line.
func facetValues(page *apiclient.Page) (all []cobra.Completion) {
	for _, raw := range page.Data {
		var facet struct {
			Values []struct {
				Value    string
				Sessions int
			}
		}
		if json.Unmarshal(raw, &facet) != nil {
			continue
		}
		for _, v := range facet.Values {
			if v.Value != "" && console.CleanLine(v.Value) == v.Value {
				all = append(all, cobra.CompletionWithDesc(v.Value, format.Plural(v.Sessions, "session")))
			}
		}
	}
	return all
}

// completeFlags has the values of flags of cmd looked up that are named like their facets, and those of --session.
func (a *app) completeFlags(cmd *cobra.Command) {
	for _, flag := range []string{"agent", "user", "conversation", "model", "tool"} {
		if cmd.Flags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, a.completeFacet(func(*cobra.Command) string { return flag }))
		}
	}
	if cmd.Flags().Lookup("session") != nil {
		_ = cmd.RegisterFlagCompletionFunc("session", a.completeSessions())
	}
	for _, flag := range []string{"api-key", "project", "limit", "cursor", "last", "since", "until", "query", "url"} {
		if cmd.Flags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
		}
	}
}
