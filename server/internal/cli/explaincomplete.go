package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// completeSpans gives the ids of spans or traces in the files that are among the arguments already, as far as they are read within a second.
func (a *app) completeSpans(flag string) completer {
	return func(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), completePatience)
		defer cancel()
		files := a.otlpFiles(slices.DeleteFunc(slices.Clone(args), func(name string) bool { return name == "-" }))
		defer files.close()
		var all []cobra.Completion
		seen := map[string]bool{}
		for ctx.Err() == nil {
			b, err := files.next()
			if err != nil {
				break
			}
			for _, s := range b.Spans {
				id := idFor(flag, s)
				if !seen[id] && strings.HasPrefix(id, toComplete) {
					seen[id] = true
					all = append(all, cobra.CompletionWithDesc(id, console.CleanLine(format.Preview(s.Name))))
				}
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

func idFor(flag string, s *genai.Span) string {
	if flag == "trace" {
		return s.TraceID.String()
	}
	return s.SpanID.String()
}
