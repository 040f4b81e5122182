package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) spoolFlushCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "flush [DIR]",
		Short: "Deliver what processes left behind that are gone",
		Long: `flush sends the events of a spool that no process has, and waits until the server has them. Files of processes that
live are left to them.

Delivered events leave the spool, so the server has to be named: --url or SENTRIAL_API_URL.`,
		Example: `  sentrial spool flush ./spool --url http://127.0.0.1:7437
  sentrial spool flush --wait 5m`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.run(a.flushSpool),
	}
	f := cmd.Flags()
	f.String("url", "", "the server to deliver to (SENTRIAL_API_URL)")
	f.String("api-key", "", "key to show the server (SENTRIAL_API_KEY, which other users of the machine cannot see)")
	f.String("project", "", "project of the events (SENTRIAL_PROJECT_ID, then SENTRIAL_PROJECT)")
	f.Duration("wait", time.Minute, "give up after this long")
	f.Bool("json", false, "print JSON")
	return cmd
}

func (a *app) flushSpool(cmd *cobra.Command, args []string) error {
	dir, err := a.spoolDir(cmd, args)
	if err != nil {
		return err
	}
	waiting, err := waitingIn(dir)
	if err != nil {
		return err
	}
	result := flushed{Dropped: map[sentrial.DropReason]uint64{}}
	if waiting > 0 {
		result, err = a.deliverSpool(cmd, dir, waiting)
	}
	if err != nil {
		return err
	}
	return a.printFlushed(cmd, result)
}

// flushed is what became of the events, in the form of --json.
type flushed struct {
	Delivered  uint64                         `json:"delivered"`
	Duplicates uint64                         `json:"duplicates"` // of the delivered ones, those that the server had
	Dropped    map[sentrial.DropReason]uint64 `json:"dropped"`
	Left       uint64                         `json:"left"`

	err error // why some are left
}

func (a *app) printFlushed(cmd *cobra.Command, r flushed) error {
	err := a.printFlushedAs(cmd, r)
	if err != nil || r.Left == 0 && r.err == nil {
		return err
	}
	p := &problem{exit: exitUnreachable, what: format.Plural(int(r.Left), "event") + " could not be delivered", err: r.err}
	if r.err != nil {
		p.what += ": " + strings.ReplaceAll(r.err.Error(), "\n", "; ")
	}
	if errors.Is(r.err, sentrial.ErrUnauthorized) || errors.Is(r.err, sentrial.ErrForbidden) {
		p.exit = exitAuth
	}
	return p
}

func (a *app) printFlushedAs(cmd *cobra.Command, r flushed) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	parts := []string{format.Plural(int(r.Delivered), "event") + " delivered"}
	if r.Duplicates > 0 {
		parts = append(parts, "of which the server had "+format.Count(int(r.Duplicates)))
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Dropped)) {
		parts = append(parts, fmt.Sprintf("%s dropped (%s)", format.Count(int(r.Dropped[reason])), reason))
	}
	_, err := fmt.Fprintln(sink{a.out}, strings.Join(parts, ", "))
	return err
}
