package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/server/internal/bulk"
)

// Variables of the platform, which has nothing to do with the server that the runs are stored on.
const (
	hiviumKeyVariable = "HIVIUM_API_KEY"
	hiviumURLVariable = "HIVIUM_API_URL"
)

func (a *app) importHiviumCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hivium-runs [FILE...]",
		Short: "Store past runs of Hivium's agents as sessions",
		Long: `import hivium-runs asks Sentinel by Hivium for the runs of its agents, with the key of HIVIUM_API_KEY, which needs the scope agents:read, and stores each as a
session: agent, times, status, cost, tokens, error and output. It stores them on the server, or with --db in a file, which is made if it is missing.

With files it asks nobody and reads what the platform's API has answered: pages, lists or single runs in JSON, one after the other, compressed with gzip or zstd or
not. - is stdin.

What is stored is known by ids that depend on the run's id, so a second run of the command adds nothing, and one that broke off can simply be run again. A run that
has not ended becomes a session without an end, which a later import gives one. A run that cannot be read is reported, and the rest goes on; then the exit code is 1.`,
		Example: `  HIVIUM_API_KEY=sk_live_... sentrial import hivium-runs --since 7d --db ./sentrial.db
  sentrial import hivium-runs --agent daily-brief --status failed --dry-run
  sentrial import hivium-runs runs.json --url https://sentrial.example --json | jq .cost_usd`,
		Args: hiviumNames,
		RunE: a.run(a.importHivium),
	}
	f := cmd.Flags()
	f.String("since", "", "begun at or after: a duration back, a date or an RFC 3339 time")
	f.String("agent", "", "of this agent, such as daily-brief")
	f.String("status", "", "with this status: "+strings.Join(runStatuses, ", "))
	f.String("hivium-url", hivium.DefaultBaseURL, "the platform to ask ("+hiviumURLVariable+")")
	f.Bool("dry-run", false, "store nothing, and say what would be stored")
	addSource(cmd)
	a.completeFlags(cmd)
	return cmd
}

var runStatuses = []string{
	string(hivium.RunQueued), string(hivium.RunRunning), string(hivium.RunSucceeded), string(hivium.RunFailed), string(hivium.RunAwaitingApproval),
}

// hiviumNames takes names of files that are there, and - for stdin once, or none.
func hiviumNames(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return otlpNames(cmd, args)
}

// wantedRuns reads the flags that choose runs.
func (a *app) wantedRuns(cmd *cobra.Command) (l hivium.ListRuns, err error) {
	f := cmd.Flags()
	l.AgentSlug, _ = f.GetString("agent")
	status, _ := f.GetString("status")
	if status != "" && !slices.Contains(runStatuses, status) {
		return l, usage("", "--status %q: expected one of %s", status, strings.Join(runStatuses, ", "))
	}
	l.Status = hivium.RunStatus(status)
	since, _ := f.GetString("since")
	if since == "" {
		return l, nil
	}
	l.Since, err = a.pointInTime("since", since)
	return l, err
}

// pointInTime reads what [when] checks.
func (a *app) pointInTime(flag, value string) (time.Time, error) {
	checked, err := when(flag, value)
	if err != nil {
		return time.Time{}, err
	}
	if t, err := time.Parse(time.RFC3339, checked); err == nil {
		return t, nil
	}
	return a.now().Add(-back(value)), nil
}

func (a *app) importHivium(cmd *cobra.Command, args []string) error {
	wanted, err := a.wantedRuns(cmd)
	if err != nil {
		return err
	}
	from, size, err := a.runSource(cmd, args, wanted)
	if err != nil {
		return err
	}
	defer from.close()
	runs := newRunEvents(from, wanted, a.now())
	watch := newRunWatch(a, runs, from, size)
	runs.each = watch.reading
	defer watch.done()
	if dry, _ := cmd.Flags().GetBool("dry-run"); dry {
		return a.concludeRuns(cmd, runs, nil, runs.drain(cmd.Context()))
	}
	dst, err := a.openFor(cmd, toCreate)
	if err != nil {
		return err
	}
	defer func() { _ = dst.Close() }()
	sum, err := bulk.Import(cmd.Context(), runs, dst, watch)
	watch.done()
	if err == nil {
		err = dst.awaitIndex(cmd.Context())
	}
	return a.concludeRuns(cmd, runs, &sum, err)
}

// runSource is where runs come from; size is that of files, -1 if it is not known.
func (a *app) runSource(cmd *cobra.Command, files []string, wanted hivium.ListRuns) (from runSource, size int64, err error) {
	if len(files) > 0 {
		size, err := sizeOf(files)
		return &runFiles{open: a.input, names: files}, size, err
	}
	key := a.getenv(hiviumKeyVariable)
	if key == "" {
		return nil, 0, usage("Set "+hiviumKeyVariable+", or name files that have the runs as the platform's API gives them.", "there is no key to ask Hivium with")
	}
	if _, err := hivium.New(key); err != nil {
		return nil, 0, usage("Set "+hiviumKeyVariable+" to a key such as sk_live_...", "%v", err)
	}
	client, err := hivium.New(key, hivium.WithBaseURL(a.setting(cmd, "hivium-url", hiviumURLVariable)))
	if err != nil {
		return nil, 0, usage("Set --hivium-url or "+hiviumURLVariable+", for example "+hivium.DefaultBaseURL+".", "%v", err)
	}
	return &runPages{ctx: cmd.Context(), client: client, list: wanted, seen: map[string]bool{}}, -1, nil
}

// explainHivium says what to do about an error of the platform's.
func explainHivium(err error) error {
	var failed *hivium.Error
	if !errors.As(err, &failed) {
		return err
	}
	p := &problem{exit: exitFailed, what: fmt.Sprintf("the runs cannot be read: %v", err), code: failed.Code, err: err}
	switch {
	case errors.Is(err, hivium.ErrInvalidAPIKey) || errors.Is(err, hivium.ErrInsufficientScope):
		p.exit, p.hint = exitAuth, "Give a key with the scope "+string(hivium.ScopeAgentsRead)+" in "+hiviumKeyVariable+"."
	case errors.Is(err, hivium.ErrNetwork):
		p.exit, p.hint = exitUnreachable, "Check --hivium-url and "+hiviumURLVariable+"."
	}
	return p
}
