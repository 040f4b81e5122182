package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/spool"
)

const spoolVariable = "SENTRIAL_SPOOL_DIR"

func (a *app) spoolCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "spool",
		Short: "Look after events on disk that wait to be delivered",
		Long: `A client with a spool keeps its events in files until the server has them. What a process leaves behind that was
killed, the next client with the same spool delivers; flush does so without one. ls and verify change nothing.

DIR is the spool's directory; ` + spoolVariable + ` counts when it is not given.`,
		Example: `  sentrial spool ls ./spool
  sentrial spool verify ./spool && echo all is well
  sentrial spool flush ./spool --url http://127.0.0.1:7437`,
	}, a.spoolListCommand(), a.spoolVerifyCommand(), a.spoolFlushCommand())
}

func (a *app) spoolListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "ls [DIR]",
		Aliases: []string{"list"},
		Short:   "List the files of a spool, oldest first",
		Example: `  sentrial spool ls ./spool
  sentrial spool ls --json ./spool | jq '.total.committed'`,
		Args: cobra.MaximumNArgs(1),
		RunE: a.run(a.listSpool),
	}
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

func (a *app) listSpool(cmd *cobra.Command, args []string) error {
	found, err := a.inspectSpool(cmd, args)
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		doc, err := json.Marshal(found)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	return a.printSpool(found)
}

// spoolFound is what is in a spool, in the form of --json.
type spoolFound struct {
	Data       []spoolFile `json:"data"`
	Total      spoolTotal  `json:"total"`
	Quarantine spoolKept   `json:"quarantine"`
}

// spoolFile is one file; the counts are events.
type spoolFile struct {
	File    string    `json:"file"`
	PID     int       `json:"pid,omitzero"`
	Live    bool      `json:"live"`
	Created time.Time `json:"created_at,omitzero"`
	Bytes   int64     `json:"bytes"`
	spoolCounts
	Error string `json:"error,omitzero"`

	err error
}

type spoolCounts struct {
	Committed  int `json:"committed"`
	Settled    int `json:"settled"`
	Sent       int `json:"sent"`
	Unfinished int `json:"unfinished"`
	Damaged    int `json:"damaged"`
}

type spoolTotal struct {
	Files int   `json:"files"`
	Live  int   `json:"live"`
	Bytes int64 `json:"bytes"`
	spoolCounts
	Unreadable int `json:"unreadable"`
}

// spoolKept is what was put into quarantine.
type spoolKept struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// spoolDir is the directory that the argument or the environment names.
func (a *app) spoolDir(cmd *cobra.Command, args []string) (string, error) {
	dir := a.getenv(spoolVariable)
	if len(args) > 0 {
		dir = args[0]
	}
	if dir == "" {
		return "", usage("Usage: "+cmd.UseLine(), "no directory was named: expected DIR or %s", spoolVariable)
	}
	return dir, nil
}

// inspectSpool reads the spool.
func (a *app) inspectSpool(cmd *cobra.Command, args []string) (*spoolFound, error) {
	dir, err := a.spoolDir(cmd, args)
	if err != nil {
		return nil, err
	}
	infos, err := spool.Inspect(dir)
	if err != nil {
		return nil, err
	}
	kept, err := spool.Inspect(filepath.Join(dir, spool.QuarantineName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found := &spoolFound{Data: []spoolFile{}}
	for _, info := range infos {
		found.add(info)
	}
	for _, info := range kept {
		found.Quarantine.Files++
		found.Quarantine.Bytes += info.Bytes
	}
	return found, nil
}

func (s *spoolFound) add(info spool.Info) {
	f := spoolFile{File: info.Name, PID: info.PID, Live: info.Live, Created: info.Created.UTC(), Bytes: info.Bytes, spoolCounts: spoolCounts(info.Counts)}
	t := &s.Total
	if f.err = info.Err; f.err != nil {
		f.Error = f.err.Error()
		t.Unreadable++
	}
	if f.Live {
		t.Live++
	}
	t.Files++
	t.Bytes += f.Bytes
	t.Committed += f.Committed
	t.Settled += f.Settled
	t.Sent += f.Sent
	t.Unfinished += f.Unfinished
	t.Damaged += f.Damaged
	s.Data = append(s.Data, f)
}

// state is who has the file, or what is wrong with it.
func (f spoolFile) state() string {
	switch {
	case errors.Is(f.err, spool.ErrDamaged):
		return "damaged"
	case errors.Is(f.err, spool.ErrVersion):
		return "newer"
	case f.err != nil:
		return "unreadable"
	case f.Live:
		return "live"
	case f.Committed+f.Sent > 0:
		return "waiting"
	}
	return "done"
}
