package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// completionShells are the shells that a script can be written for, with how to install it.
var completionShells = []struct {
	name, install string
	write         func(root *cobra.Command, w io.Writer) error
}{
	{"bash", `  sentrial completion bash > ~/.local/share/bash-completion/completions/sentrial    # the package bash-completion reads it
  source <(sentrial completion bash)                                                # in this shell only`, func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
	{"zsh", `  sentrial completion zsh > "${fpath[1]}/_sentrial"    # compinit has to run in ~/.zshrc
  source <(sentrial completion zsh)                    # in this shell only`, func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) }},
	{"fish", `  sentrial completion fish > ~/.config/fish/completions/sentrial.fish
  sentrial completion fish | source                    # in this shell only`, func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }},
	{"powershell", `  sentrial completion powershell >> $PROFILE
  sentrial completion powershell | Out-String | Invoke-Expression    # in this shell only`, func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) }},
}

func (a *app) completionCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "completion",
		Short: "Write a script that completes commands in your shell",
		Long: `completion writes a script that has your shell complete commands, flags and their values: session ids, agents, models, tools and
users are looked up where the reading commands look, for a second at most.`,
		Example: "  source <(sentrial completion bash)",
	})
	for _, shell := range completionShells {
		cmd.AddCommand(&cobra.Command{
			Use:                   shell.name,
			Short:                 "Write the script for " + shell.name,
			Example:               shell.install,
			Annotations:           map[string]string{unconfigured: "it works whatever the file holds"},
			Args:                  cobra.NoArgs,
			DisableFlagsInUseLine: true,
			RunE: a.run(func(cmd *cobra.Command, _ []string) error {
				return buffered(sink{a.out}, func(w io.Writer) error { return shell.write(cmd.Root(), w) })
			}),
		})
	}
	return cmd
}
