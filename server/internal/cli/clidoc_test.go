package cli_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// leaves are the commands that do something.
func leaves(cmd *cobra.Command) (list []*cobra.Command) {
	for _, child := range cmd.Commands() {
		switch {
		case child.Hidden || child.Name() == "help":
		case child.HasSubCommands():
			list = append(list, leaves(child)...)
			if child.Args(child, nil) != nil { // it wants something: it does something by itself too
				list = append(list, child)
			}
		default:
			list = append(list, child)
		}
	}
	return list
}

// common are the flags that docs/cli.md explains once for all commands.
var common = []string{"url", "db", "api-key", "project", "json", "help", "config", "no-color"}

// TestTheDocumentNamesEveryCommand holds docs/cli.md against the commands: a section for each, with an example and all of its flags.
func TestTheDocumentNamesEveryCommand(t *testing.T) {
	text, err := os.ReadFile("../../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	var documented []string
	for _, m := range regexp.MustCompile(`(?m)^### (sentrial .*)$`).FindAllStringSubmatch(doc, -1) {
		documented = append(documented, m[1])
	}
	all := leaves(cli.Root())
	for _, cmd := range all {
		path := cmd.CommandPath()
		_, section, found := strings.Cut(doc, "\n### "+path+"\n")
		if !found {
			t.Errorf("docs/cli.md has no section %q", path)
			continue
		}
		section = regexp.MustCompile(`(?m)^##`).Split(section, 2)[0]
		if !strings.Contains(section, "```\n") || !strings.Contains(section, path) {
			t.Errorf("the section on %s has no example", path)
		}
		if cmd.Example == "" || cmd.Short == "" {
			t.Errorf("%s --help has no example or no short text", path)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			where := section
			if slices.Contains(common, f.Name) {
				where = doc
			}
			if !regexp.MustCompile(`--` + f.Name + `([^a-z-]|$)`).MatchString(where) { // --log is not there because --log-format is
				t.Errorf("docs/cli.md does not explain --%s of %s", f.Name, path)
			}
		})
		documented = slices.DeleteFunc(documented, func(name string) bool { return name == path })
	}
	if len(documented) > 0 || len(all) < 25 {
		t.Errorf("docs/cli.md describes commands that are not there: %q (%d are)", documented, len(all))
	}
}

// TestTheDocumentHasNoFlagTooMany finds flags that no command has.
func TestTheDocumentHasNoFlagTooMany(t *testing.T) {
	text, err := os.ReadFile("../../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, cmd := range leaves(cli.Root()) {
		cmd.InitDefaultHelpFlag()
		note := func(f *pflag.Flag) { known[f.Name] = true }
		cmd.LocalFlags().VisitAll(note)
		cmd.InheritedFlags().VisitAll(note)
	}
	for _, m := range regexp.MustCompile(`--([a-z][a-z-]*)`).FindAllStringSubmatch(string(text), -1) {
		if !known[m[1]] {
			t.Errorf("no command has the flag --%s", m[1])
		}
	}
}
