package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"

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

On loopback it needs no key until the first one is made by ` + "`sentrial keys create`" + `. Any other address needs one, and
should have a certificate or a proxy in front that does; the proxy's host name is given with --allow-host.

Exporters of OpenTelemetry find it at their default ports, which are left out with a note if another program has them.

The first Ctrl-C (or SIGTERM) lets requests in flight finish, a second one ends at once. Port 0 takes a free port; the
address is printed on stderr. Keys made and revoked and data deleted are logged there too, whatever --log says.`,
		Example: `  sentrial serve
  sentrial serve --addr 127.0.0.1:0 --db /var/lib/sentrial/agents.db
  sentrial serve --retain 30d --retain billing=365d
  sentrial serve --otlp-http 127.0.0.1:9318 --otlp-grpc ""
  sentrial serve --addr 0.0.0.0:7437 --tls-cert cert.pem --tls-key key.pem
  sentrial serve --allow-host agents.example --log info --log-format json
  SENTRIAL_ADDR=127.0.0.1:9000 sentrial serve`,
		Args: cobra.NoArgs,
		RunE: a.run(func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.serverConfig(cmd)
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), a.setting(cmd, "addr", "SENTRIAL_ADDR"), a.setting(cmd, "db", "SENTRIAL_DB"), cfg, a.otlpPlaces(cmd), storeOptions(cmd)...)
		}),
	}
	addServing(cmd)
	return cmd
}

func addServing(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("addr", "127.0.0.1:7437", "address to listen on; any but loopback needs a key (SENTRIAL_ADDR)")
	f.String("db", "./sentrial.db", "SQLite file to store into, made if missing (SENTRIAL_DB)")
	addOTLP(cmd)
	addPrices(cmd, "what calls cost whose spans do not say: a file of prices, laid over those that are built in; off estimates nothing")
	f.String("tls-cert", "", "PEM file with the certificate to serve https with, and those that vouch for it")
	f.String("tls-key", "", "PEM file with its key")
	f.StringArray("allow-host", nil, "name the server answers to beside its address, of a proxy in front; may be given several times")
	f.Int("rate-limit", 0, "requests a minute of one key (default 60000; before the first key 600000)")
	addIntrospection(cmd)
	addRetention(cmd)
	f.Bool("no-search", false, "do not index the words of events: -q then finds sessions by their own fields only")
	f.Bool("full-sync", false, "flush the disk at every commit: what was acknowledged survives a power cut too")
	f.String("log", "warn", "what to log on stderr: debug, info, warn, error or off")
	f.String("log-format", "text", "how: text or json")
	for name, ext := range map[string][]string{"db": {"db", "sqlite"}, "tls-cert": {"pem", "crt"}, "tls-key": {"pem", "key"}} {
		_ = cmd.MarkFlagFilename(name, ext...)
	}
	_ = cmd.RegisterFlagCompletionFunc("log", cobra.FixedCompletions([]string{"debug", "info", "warn", "error", "off"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("log-format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

// serverConfig is what the flags say, but for the store.
func (a *app) serverConfig(cmd *cobra.Command) (cfg server.Config, err error) {
	cfg.Version = build().Version
	if cfg.Logger, cfg.Audit, err = a.logs(cmd); err != nil {
		return cfg, err
	}
	cfg.AllowedHosts, _ = cmd.Flags().GetStringArray("allow-host")
	for _, name := range cfg.AllowedHosts {
		if err := server.CheckHost(name); err != nil {
			return cfg, usage("", "--allow-host: %v", err)
		}
	}
	if cfg.RateLimit, _ = cmd.Flags().GetInt("rate-limit"); cfg.RateLimit < 0 || cfg.RateLimit == 0 && cmd.Flags().Changed("rate-limit") {
		return cfg, usage("", "--rate-limit %d: expected at least 1", cfg.RateLimit)
	}
	if err := a.retention(cmd, &cfg); err != nil {
		return cfg, err
	}
	if cfg.Prices, err = a.prices(cmd); err != nil {
		return cfg, err
	}
	if cfg.Introspect, err = a.introspection(cmd); err != nil {
		return cfg, err
	}
	cfg.TLS, err = tlsFlags(a.setting(cmd, "tls-cert"), a.setting(cmd, "tls-key"))
	return cfg, err
}

// storeOptions are what the flags say of the store.
func storeOptions(cmd *cobra.Command) (opts []sqlite.Option) {
	if plain, _ := cmd.Flags().GetBool("no-search"); plain {
		opts = append(opts, sqlite.WithoutSearch())
	}
	if full, _ := cmd.Flags().GetBool("full-sync"); full {
		opts = append(opts, sqlite.FullSync())
	}
	return opts
}

func tlsFlags(cert, key string) (*tls.Config, error) {
	switch {
	case cert == "" && key == "":
		return nil, nil
	case cert == "" || key == "":
		return nil, usage("", "--tls-cert and --tls-key: expected both or none")
	}
	cfg, err := server.TLSFiles(cert, key)
	if err != nil {
		return nil, usage("Give the PEM files of a certificate and its key.", "%v", err)
	}
	return cfg, nil
}

// serve runs until ctx ends.
func (a *app) serve(ctx context.Context, addr, db string, cfg server.Config, places []otlpPlace, opts ...sqlite.Option) (err error) {
	ln, err := listenFirst(ctx, addr, db)
	if err != nil {
		return err
	}
	if ln != nil {
		defer func() { _ = ln.Close() }()
	}
	store, err := sqlite.Open(ctx, db, opts...)
	if err != nil {
		return fmt.Errorf("cannot open the store %s: %w", db, err)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	cfg.Store = store
	srv, err := server.New(cfg)
	if err != nil {
		return err
	}
	if ln == nil {
		if ln, err = srv.Listen(ctx, addr); err != nil {
			return explainListen(addr, db, err)
		}
	}
	a.announce(ln.Addr(), db, cfg.TLS != nil)
	more, err := a.listenOTLP(ctx, srv, places, db)
	if err != nil {
		return err
	}
	if err := srv.Serve(ctx, ln, more...); err != nil && !(ctx.Err() != nil && errors.Is(err, context.Canceled)) {
		return err
	}
	cfg.Logger.DebugContext(ctx, "stopped serving, closing the store")
	return nil
}

// listenFirst takes the address before the file is made: a second server in the same place must leave no trace. Beyond loopback it
// returns nil, for the file comes first: it must hold a key.
func listenFirst(ctx context.Context, addr, db string) (net.Listener, error) {
	ln, err := server.Listen(ctx, addr)
	switch {
	case err == nil:
		return ln, nil
	case !errors.Is(err, server.ErrNotLoopback):
		return nil, explainListen(addr, db, err)
	case missing(db):
		return nil, needsKey(addr, db)
	}
	return nil, nil
}

func missing(file string) bool {
	_, err := os.Stat(file) //nolint:gosec // the file that the user names
	return errors.Is(err, fs.ErrNotExist)
}

// needsKey says what to do before others may reach the server.
func needsKey(addr, db string) error {
	return usage("Make one, give it to your agents, and start the server again:\n  "+program()+" keys create --db "+shellWord(db)+
		"\nOr listen on this machine alone, such as --addr 127.0.0.1:7437.",
		"cannot listen on %s: it is not loopback, and without a valid key in %s everybody would be let in or nobody", addr, db)
}

// shellWord is text as a shell takes it for one word.
func shellWord(text string) string {
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(plainInShells, r) }) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

const plainInShells = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=@%+,-"

// announce is the one line that says where the server is.
func (a *app) announce(addr net.Addr, db string, secure bool) {
	c := a.stderr()
	url, file := "http://"+addr.String(), console.CleanLine(db)
	if secure {
		url = "https://" + addr.String()
	}
	if !c.Terminal {
		_, _ = fmt.Fprintf(a.err, "sentrial: serving %s from %s\n", url, file)
		return
	}
	_, _ = fmt.Fprintf(a.err, "%s %s %s\n", c.Paint(console.Green, "sentrial:"), c.Paint(console.Bold, url),
		c.Paint(console.Dim, "storing into "+file+", Ctrl-C stops"))
}

func explainListen(addr, db string, err error) error {
	var op *net.OpError
	switch {
	case addressInUse(err):
		return &problem{
			exit: exitFailed, err: err, what: fmt.Sprintf("cannot listen on %s: another program does already", addr),
			hint: "If that is a sentrial server, use it; otherwise choose another port with --addr, or a free one with --addr 127.0.0.1:0.",
		}
	case errors.As(err, &op):
		return fmt.Errorf("cannot listen: %w", err)
	case errors.Is(err, server.ErrNoKeys):
		return needsKey(addr, db)
	}
	return &problem{exit: exitUsage, err: err, what: err.Error(), hint: "Set --addr or SENTRIAL_ADDR, for example 127.0.0.1:7437."}
}
