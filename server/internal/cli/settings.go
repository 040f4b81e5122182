package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variables are the environment variables of the settings that have any, the ones that win first.
var variables = map[string][]string{
	"url":     {"SENTRIAL_API_URL"},
	"api-key": {"SENTRIAL_API_KEY"},
	"project": {"SENTRIAL_PROJECT_ID", "SENTRIAL_PROJECT"},
	"addr":    {"SENTRIAL_ADDR"},

	"otlp-http": {"SENTRIAL_OTLP_HTTP"},
	"prices":    {"SENTRIAL_PRICES"},
	"otlp-grpc": {"SENTRIAL_OTLP_GRPC"},

	"db": {"SENTRIAL_DB"},
}

// setting is a flag's value, else the first of the environment variables that is set, else what the configuration file says, else the flag's
// default. An empty value counts as not set.
func (a *app) setting(cmd *cobra.Command, flag string, variables ...string) string {
	return a.origin(cmd, flag, variables...).value
}

// origin is a setting's value with where it is from: "flag", the name of a variable, a place in the configuration file, or "default".
type origin struct{ value, from string }

func (a *app) origin(cmd *cobra.Command, flag string, variables ...string) origin {
	f := cmd.Flags().Lookup(flag)
	if f.Changed && f.Value.String() != "" {
		return origin{f.Value.String(), "flag"}
	}
	for _, name := range variables {
		if v := a.getenv(name); v != "" {
			return origin{v, name}
		}
	}
	if s, ok := a.file.settings[flag]; ok && configurable(cmd) {
		return origin{f.Value.String(), a.file.place(s.Line)}
	}
	return origin{f.DefValue, "default"}
}

// unconfigured marks commands that the configuration file says nothing to.
const unconfigured = "unconfigured"

func configurable(cmd *cobra.Command) bool { return cmd.Annotations[unconfigured] == "" }

// settingFlags are the flags that a configuration file may set: those of serve, those that say where to read from, and a few of every command.
func (a *app) settingFlags() *pflag.FlagSet {
	reading := &cobra.Command{}
	addSource(reading)
	flags := a.serveCommand().Flags()
	flags.AddFlagSet(reading.Flags())
	settings := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	flags.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains([]string{"json", "help"}, f.Name) {
			settings.AddFlag(f)
		}
	})
	settings.Bool("no-color", false, "no colours")
	return settings
}
