package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/table"
)

func (a *app) configCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "config",
		Short: "Show the settings that are in force, and where they are from",
		Long: `A configuration file holds settings under the names of the flags:

  url: https://sentrial.example
  api-key: sntl_...
  project: shop

It is the one that --config or SENTRIAL_CONFIG names, else config.yaml in the folder sentrial of the user's configuration.
A flag wins over the environment, the environment over the file, the file over the default.`,
		Example: "  sentrial config show\n  $EDITOR \"$(sentrial config path)\"",
	}, a.configPathCommand(), a.configShowCommand())
}

func (a *app) configPathCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "path",
		Short:       "Print where the configuration file is, or would be",
		Example:     "  sentrial config path",
		Annotations: map[string]string{unconfigured: "it works whatever the file holds"},
		Args:        cobra.NoArgs,
		RunE: a.run(func(*cobra.Command, []string) error {
			path, _ := a.configPath()
			_, err := fmt.Fprintln(sink{a.out}, path)
			return err
		}),
	}
}

func (a *app) configShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Show every setting, its value and where it is from",
		Example: "  sentrial config show\n  sentrial config show --json | jq '.settings[] | select(.from != \"default\")'",
		Args:    cobra.NoArgs,
		RunE:    a.run(a.showConfig),
	}
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

// inForce is a setting in the form of --json.
type inForce struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func (a *app) showConfig(cmd *cobra.Command, _ []string) error {
	all := a.inForce()
	if asJSON(cmd) {
		path, _ := a.configPath()
		doc, err := json.Marshal(map[string]any{"file": path, "read": a.file.path != "", "settings": all})
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	t := table.New(table.Column{Title: "SETTING"}, table.Column{Title: "VALUE", Min: 20}, table.Column{Title: "FROM"})
	for _, s := range all {
		style := console.None
		if s.From == "default" {
			style = console.Dim
		}
		t.Add(console.Line(console.None, s.Name), console.Line(style, s.Value), console.Line(style, s.From))
	}
	return t.Write(sink{a.out}, a.stdout())
}

// inForce is what the environment, the file and the defaults give.
func (a *app) inForce() []inForce {
	cmd := &cobra.Command{}
	cmd.Flags().AddFlagSet(a.settingFlags())
	var all []inForce
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if s, ok := a.file.settings[f.Name]; ok {
			_ = give(f, s) // it was checked when it was read
		}
		o := a.origin(cmd, f.Name, variables[f.Name]...)
		if f.Name == "api-key" {
			o.value = masked(o.value)
		}
		all = append(all, inForce{f.Name, o.value, o.from})
	})
	return all
}

// masked is as much of a key as may be shown: the first characters of ours, by which lists of keys name them.
func masked(key string) string {
	const shown = len("sntl_") + 8
	switch {
	case key == "":
		return ""
	case strings.HasPrefix(key, "sntl_") && len(key) > 2*shown:
		return key[:shown] + "..."
	}
	return "set"
}
