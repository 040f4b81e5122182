package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

const defaultURL = "http://127.0.0.1:7437"

// addSource gives cmd the flags that say where to read from.
func addSource(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("url", defaultURL, "the server to ask (SENTRIAL_API_URL)")
	f.String("db", "", "use this store's file instead of asking a server (SENTRIAL_DB, when no server is named)")
	f.String("api-key", "", "key to show the server, made by sentrial keys create (SENTRIAL_API_KEY, which other users of the machine cannot see)")
	f.String("project", "", "the project (SENTRIAL_PROJECT_ID, then SENTRIAL_PROJECT); a key knows its own")
	f.Bool("json", false, "print the API's JSON")
	_ = cmd.MarkFlagFilename("db", "db", "sqlite")
}

// source is what a command works on. Close it after use.
type source struct {
	*apiclient.Client
	close func() error
	file  string        // the store's, "" = a server is asked
	store *sqlite.Store // nil when a server is asked
}

// Close releases the store's file, if one is open.
func (s source) Close() error { return s.close() }

// purge removes from the file of a store what a server would remove by and by: traces of what was deleted.
func (s source) purge(ctx context.Context) error {
	if s.store == nil {
		return nil
	}
	_, err := s.store.Purge(ctx, store.Cutoff{})
	return err
}

// awaitIndex returns when all that is in the file of a store can be found by its words.
func (s source) awaitIndex(ctx context.Context) error {
	if s.store == nil {
		return nil
	}
	return s.store.WaitIndexed(ctx)
}

// fileUse is what a command does with a store's file.
type fileUse int

const (
	toRead   fileUse = iota // also one that cannot be written
	toChange                // beside a server that runs, or without
	toCreate                // and makes it when it is missing
)

// patience is how long a request of a command may take; one that brings megabytes may take longer.
const patience = 30 * time.Second

// open connects cmd to what its flags name, for reading.
func (a *app) open(cmd *cobra.Command) (source, error) { return a.openFor(cmd, toRead) }

// openFor connects cmd to what its flags name.
func (a *app) openFor(cmd *cobra.Command, use fileUse) (source, error) {
	cfg := a.clientConfig(cmd)
	if use == toCreate {
		cfg.Timeout = 4 * patience
	}
	file, err := a.storeFile(cmd)
	switch {
	case err != nil:
		return source{}, err
	case file != "":
		return openFile(cmd.Context(), file, use, cfg)
	}
	cfg.APIKey = a.serverKey(cmd)
	client, err := apiclient.New(cfg)
	if err != nil {
		return source{}, usage("Set --url or SENTRIAL_API_URL, for example "+defaultURL+".", "%v", err)
	}
	return source{Client: client, close: func() error { return nil }}, nil
}

// clientConfig is how to ask, but for the key.
func (a *app) clientConfig(cmd *cobra.Command) apiclient.Config {
	return apiclient.Config{
		BaseURL: a.setting(cmd, "url", variables["url"]...),
		Project: a.setting(cmd, "project", variables["project"]...),
		Timeout: patience,
	}
}

// storeFile is the file to open, or "" when a server is to be asked. One that only a variable or the configuration file names gives way to any
// server that is named: then it is that server's own.
func (a *app) storeFile(cmd *cobra.Command) (string, error) {
	db := a.origin(cmd, "db", variables["db"]...)
	given := cmd.Flags().Changed("db")
	switch {
	case given && cmd.Flags().Changed("url"):
		return "", usage("Give one of them.", "--db reads a file and --url asks a server: both at once is not possible")
	case given && db.from != "flag":
		return "", usage("Give the path of a store, such as ./sentrial.db.", "--db names no file")
	case !given && a.origin(cmd, "url", variables["url"]...).from != "default":
		return "", nil
	}
	return db.value, nil
}

// openFile answers from a file with the server's own handler, so that both ways give the same. Whoever may open the file may do all.
func openFile(ctx context.Context, path string, use fileUse, cfg apiclient.Config) (source, error) {
	store, err := openStore(ctx, path, use)
	if err != nil {
		return source{}, err
	}
	handler, err := server.New(server.Config{Store: store, Version: build().Version, Trusted: true})
	if err != nil {
		_ = store.Close()
		return source{}, err
	}
	cfg.BaseURL, cfg.Transport = "http://localhost", apiclient.InProcess(handler)
	client, err := apiclient.New(cfg)
	if err != nil {
		_ = store.Close()
		return source{}, usage("", "%v", err)
	}
	return source{Client: client, close: store.Close, file: path, store: store}, nil
}

func openStore(ctx context.Context, path string, use fileUse) (*sqlite.Store, error) {
	verb, opts := "open", []sqlite.Option(nil)
	if use == toRead {
		verb, opts = "read", []sqlite.Option{sqlite.ReadOnly()}
	}
	if info, err := os.Stat(path); err != nil && use != toCreate { //nolint:gosec // the file that the user names
		return nil, fmt.Errorf("cannot %s the store: %w", verb, err)
	} else if err == nil && info.IsDir() {
		return nil, fmt.Errorf("cannot %s the store: %w", verb, &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR})
	}
	store, err := sqlite.Open(ctx, path, opts...)
	if err != nil {
		return nil, fmt.Errorf("cannot %s the store %s: %w", verb, path, err)
	}
	return store, nil
}
