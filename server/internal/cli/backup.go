package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

func (a *app) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store's file, also while a server writes it",
		Long: `backup writes a copy of the whole store, as it is at one moment, and checks it. A server that writes the store meanwhile is
not held up. The copy is a store like any other: serve and the reading commands take it with --db.

FILE appears once it is complete, readable by its owner only.`,
		Example: `  sentrial backup sentrial-$(date +%F).db
  sentrial backup --db /var/lib/sentrial/agents.db /mnt/backup/agents.db --force`,
		Args: exactly("FILE"),
		RunE: a.run(a.backup),
	}
	cmd.Flags().String("db", "./sentrial.db", "the store's file (SENTRIAL_DB)")
	cmd.Flags().Bool("force", false, "replace FILE if it is there")
	cmd.Flags().Bool("json", false, "print JSON")
	_ = cmd.MarkFlagFilename("db", "db", "sqlite")
	return cmd
}

func (a *app) backup(cmd *cobra.Command, args []string) error {
	db, to := a.setting(cmd, "db", variables["db"]...), args[0]
	force, _ := cmd.Flags().GetBool("force")
	if err := replaceable(db, to, force); err != nil {
		return err
	}
	store, err := openStore(cmd.Context(), db, toRead)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	size := int64(0)
	err = replaceFile(to, func(f *os.File) error {
		if err := a.copyStore(cmd.Context(), store, f.Name()); err != nil {
			return err
		}
		info, err := os.Stat(f.Name())
		if err == nil {
			size = info.Size()
			err = replaceable(db, to, force) // somebody may have been faster
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.printBackup(cmd, to, size)
}

// replaceable refuses to write over the store, over what is no file, and over a file unless that is wanted.
func replaceable(db, to string, force bool) error {
	if err := spareStore(db, to); err != nil {
		return err
	}
	there, err := os.Stat(to)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot write the backup: %w", err)
	case !there.Mode().IsRegular():
		return usage("Give the name of a file.", "%s is there already and no file that could be replaced", to)
	case !force:
		return &problem{exit: exitFailed, what: to + " is there already", hint: "Choose another name, or give --force to replace it."}
	}
	return nil
}

// backupPeriod is how often a person sees how far a copy is.
const backupPeriod = 200 * time.Millisecond

// copyStore copies, and shows meanwhile how large the copy is.
func (a *app) copyStore(ctx context.Context, store *sqlite.Store, file string) error {
	bar := a.progress(-1, "copying")
	defer bar.done()
	done := make(chan error, 1)
	go func() { done <- store.Backup(ctx, file) }()
	tick := time.NewTicker(backupPeriod)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		case <-tick.C:
			if info, err := os.Stat(file); err == nil {
				bar.set(info.Size(), "copying")
			}
		}
	}
}

func (a *app) printBackup(cmd *cobra.Command, file string, size int64) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(map[string]any{"file": file, "bytes": size})
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	_, err := fmt.Fprintf(sink{a.out}, "%s, %s, checked\n", console.CleanLine(file), format.Bytes(size))
	return err
}
