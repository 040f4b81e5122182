package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Receive what agents record, and answer questions about it",
		Long: `serve receives what agents record, stores it in one SQLite file and answers the reading commands.

It listens on loopback only and needs no key. The first Ctrl-C (or SIGTERM) lets requests in flight finish,
a second one ends at once. Port 0 takes a free port; the address is printed on stderr.`,
		Example: `  sentrial serve
  sentrial serve --addr 127.0.0.1:0 --db /var/lib/sentrial/agents.db
  sentrial serve --retain 30d --retain billing=365d
  SENTRIAL_ADDR=127.0.0.1:9000 sentrial serve`,
		Args: cobra.NoArgs,
		RunE: a.run(func(cmd *cobra.Command, _ []string) error {
			level, err := logLevel(a.setting(cmd, "log"))
			if err != nil {
				return err
			}
			cfg := server.Config{Logger: newLogger(a.err, level), Version: build().Version}
			if err := a.retention(cmd, &cfg); err != nil {
				return err
			}
			return a.serve(cmd.Context(), a.setting(cmd, "addr", "SENTRIAL_ADDR"), a.setting(cmd, "db", "SENTRIAL_DB"), cfg)
		}),
	}
	cmd.Flags().String("addr", "127.0.0.1:7437", "loopback address to listen on (SENTRIAL_ADDR)")
	cmd.Flags().String("db", "./sentrial.db", "SQLite file to store into, made if missing (SENTRIAL_DB)")
	cmd.Flags().String("log", "warn", "what to log on stderr: debug, info, warn, error or off")
	addRetention(cmd)
	_ = cmd.MarkFlagFilename("db", "db", "sqlite")
	return cmd
}

// serve runs until ctx ends. The address is taken before the file is made: a second server in the same place must
// leave no trace.
func (a *app) serve(ctx context.Context, addr, db string, cfg server.Config) (err error) {
	ln, err := server.Listen(ctx, addr)
	if err != nil {
		return explainListen(addr, err)
	}
	defer func() { _ = ln.Close() }()
	store, err := sqlite.Open(ctx, db)
	if err != nil {
		return fmt.Errorf("cannot open the store %s: %w", db, err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	cfg.Store = store
	srv, err := server.New(cfg)
	if err != nil {
		return err
	}
	a.announce(ln.Addr(), db)
	if err := srv.Serve(ctx, ln); err != nil && !(ctx.Err() != nil && errors.Is(err, context.Canceled)) {
		return err
	}
	cfg.Logger.DebugContext(ctx, "stopped serving, closing the store")
	return nil
}

// announce is the one line that says where the server is.
func (a *app) announce(addr net.Addr, db string) {
	c := a.stderr()
	url, file := "http://"+addr.String(), console.CleanLine(db)
	if !c.Terminal {
		_, _ = fmt.Fprintf(a.err, "sentrial: serving %s from %s\n", url, file)
		return
	}
	_, _ = fmt.Fprintf(a.err, "%s %s %s\n", c.Paint(console.Green, "sentrial:"), c.Paint(console.Bold, url),
		c.Paint(console.Dim, "storing into "+file+", Ctrl-C stops"))
}

func explainListen(addr string, err error) error {
	var op *net.OpError
	switch {
	case addressInUse(err):
		return &problem{
			exit: exitFailed, err: err, what: fmt.Sprintf("cannot listen on %s: another program does already", addr),
			hint: "If that is a sentrial server, use it; otherwise choose another port with --addr, or a free one with --addr 127.0.0.1:0.",
		}
	case errors.As(err, &op):
		return fmt.Errorf("cannot listen: %w", err)
	}
	return &problem{exit: exitUsage, err: err, what: err.Error(), hint: "Set --addr or SENTRIAL_ADDR, for example 127.0.0.1:7437."}
}

// off is above every level that is logged.
const off = slog.Level(100)

func logLevel(name string) (slog.Level, error) {
	if name == "off" {
		return off, nil
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return 0, usage("", "--log %q: expected debug, info, warn, error or off", name)
	}
	return level, nil
}

func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
