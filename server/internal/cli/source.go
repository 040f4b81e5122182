package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

const defaultURL = "http://127.0.0.1:7437"

// addSource gives cmd the flags that say where to read from.
func addSource(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("url", defaultURL, "the server to ask (SENTRIAL_API_URL)")
	f.String("db", "", "use this store's file instead of asking a server")
	f.String("api-key", "", "key to show the server (SENTRIAL_API_KEY, which other users of the machine cannot see)")
	f.String("project", "", "the project (SENTRIAL_PROJECT_ID, then SENTRIAL_PROJECT)")
	f.Bool("json", false, "print the API's JSON")
	_ = cmd.MarkFlagFilename("db", "db", "sqlite")
}

// source is where a command reads from or writes to. Close it after use.
type source struct {
	*apiclient.Client
	close func() error
	file  string // the store's, "" = a server is asked
}

// Close releases the store's file, if one is open.
func (s source) Close() error { return s.close() }

// access is what a command does to a store's file.
type access int

const (
	reading  access = iota
	changing        // what is there
	creating        // the file too
)

// patience is how long a request of a command may take; one that brings megabytes may take longer.
const patience = 30 * time.Second

// open connects cmd to what its flags name, for reading.
func (a *app) open(cmd *cobra.Command) (source, error) { return a.connect(cmd, reading) }

func (a *app) connect(cmd *cobra.Command, how access) (source, error) {
	cfg := a.clientConfig(cmd)
	if how == creating {
		cfg.Timeout = 4 * patience
	}
	file, err := a.storeFile(cmd)
	switch {
	case err != nil:
		return source{}, err
	case file != "":
		return openFile(cmd.Context(), file, cfg, how)
	}
	client, err := apiclient.New(cfg)
	if err != nil {
		return source{}, usage("Set --url or SENTRIAL_API_URL, for example "+defaultURL+".", "%v", err)
	}
	return source{Client: client, close: func() error { return nil }}, nil
}

func (a *app) clientConfig(cmd *cobra.Command) apiclient.Config {
	return apiclient.Config{
		BaseURL: a.setting(cmd, "url", variables["url"]...),
		APIKey:  a.setting(cmd, "api-key", variables["api-key"]...),
		Project: a.setting(cmd, "project", variables["project"]...),
		Timeout: patience,
	}
}

// storeFile is the file to open, or "" when a server is to be asked. One that only the configuration file names gives way to any server that
// is named: then it is that server's own.
func (a *app) storeFile(cmd *cobra.Command) (string, error) {
	file, _ := cmd.Flags().GetString("db")
	switch {
	case cmd.Flags().Changed("db") && cmd.Flags().Changed("url"):
		return "", usage("Give one of them.", "--db reads a file and --url asks a server: both at once is not possible")
	case cmd.Flags().Changed("db") && file == "":
		return "", usage("Give the path of a store, such as ./sentrial.db.", "--db names no file")
	case !cmd.Flags().Changed("db") && a.origin(cmd, "url", variables["url"]...).from != "default":
		return "", nil
	}
	return file, nil
}

// openFile answers from a file with the server's own handler, so that both ways give the same.
func openFile(ctx context.Context, path string, cfg apiclient.Config, how access) (source, error) {
	store, err := openStore(ctx, path, how)
	if err != nil {
		return source{}, err
	}
	handler, err := server.New(server.Config{Store: store, Version: build().Version})
	if err != nil {
		return source{}, errors.Join(err, store.Close())
	}
	cfg.BaseURL, cfg.Transport = "http://localhost", apiclient.InProcess(handler)
	client, err := apiclient.New(cfg)
	if err != nil {
		_ = store.Close()
		return source{}, usage("", "%v", err)
	}
	return source{Client: client, close: store.Close, file: path}, nil
}

func openStore(ctx context.Context, path string, how access) (*sqlite.Store, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil && (how != creating || !errors.Is(err, fs.ErrNotExist)):
		return nil, fmt.Errorf("cannot read the store: %w", err)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("cannot read the store: %w", &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR})
	}
	var options []sqlite.Option
	if how == reading {
		options = append(options, sqlite.ReadOnly())
	}
	store, err := sqlite.Open(ctx, path, options...)
	if err != nil {
		return nil, fmt.Errorf("cannot open the store %s: %w", path, err)
	}
	return store, nil
}
