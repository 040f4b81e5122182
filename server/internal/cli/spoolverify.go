package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) spoolVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Check every byte of a spool against its checksums",
		Long: `verify reads all files of a spool and tells which are damaged. It exits with 1 when one is damaged or cannot be read.

Damage costs the events that it hit, no others. The next client that starts with this spool delivers the rest, and
keeps a copy of the file in the folder quarantine.`,
		Example: `  sentrial spool verify ./spool
  sentrial spool verify --json ./spool | jq -r '.data[].file'`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.run(a.verifySpool),
	}
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

func (a *app) verifySpool(cmd *cobra.Command, args []string) error {
	found, err := a.inspectSpool(cmd, args)
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		err = a.printVerdictJSON(found)
	} else {
		err = a.printVerdict(found)
	}
	if err != nil {
		return err
	}
	return found.problem()
}

// problem is what makes verify fail.
func (s *spoolFound) problem() error {
	bad := 0
	for _, f := range s.Data {
		if f.bad() {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	verb := "are"
	if bad == 1 {
		verb = "is"
	}
	return &problem{exit: exitFailed, what: fmt.Sprintf("%s of %d %s damaged or cannot be read", format.Plural(bad, "file"), s.Total.Files, verb)}
}

func (f spoolFile) bad() bool { return f.err != nil || f.Damaged > 0 }

func (a *app) printVerdict(found *spoolFound) error {
	for _, f := range found.Data {
		if !f.bad() {
			continue
		}
		if _, err := fmt.Fprintf(sink{a.out}, "%s  %s\n", f.File, console.CleanLine(f.verdict())); err != nil {
			return err
		}
	}
	t := found.Total
	text := fmt.Sprintf("%s read, %s to be delivered", format.Plural(t.Files, "file"), format.Plural(t.Committed, "event"))
	return a.noteSpool(found, text)
}

// verdict is what is wrong with a file.
func (f spoolFile) verdict() string {
	if f.err != nil {
		return f.Error
	}
	return fmt.Sprintf("damaged in %s, %s to be delivered", format.Plural(f.Damaged, "place"), format.Plural(f.Committed, "event"))
}

// printVerdictJSON prints the files that are damaged, and the totals of all.
func (a *app) printVerdictJSON(found *spoolFound) error {
	bad := *found
	bad.Data = []spoolFile{}
	for _, f := range found.Data {
		if f.bad() {
			bad.Data = append(bad.Data, f)
		}
	}
	doc, err := json.Marshal(bad)
	if err != nil {
		return err
	}
	return a.printJSON(doc)
}
