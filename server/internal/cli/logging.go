package cli

import (
	"io"
	"log/slog"
	"sync"

	"github.com/spf13/cobra"
)

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

// logs returns the server's log at the level of --log, and the audit log, which always speaks. Both are on stderr, in the form of --log-format.
func (a *app) logs(cmd *cobra.Command) (log, audit *slog.Logger, err error) {
	level, err := logLevel(a.setting(cmd, "log"))
	if err != nil {
		return nil, nil, err
	}
	w := &lineWriter{w: a.err}
	switch format := a.setting(cmd, "log-format"); format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})), slog.New(slog.NewTextHandler(w, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})), slog.New(slog.NewJSONHandler(w, nil)), nil
	default:
		return nil, nil, usage("", "--log-format %q: expected text or json", format)
	}
}

// lineWriter keeps the lines of two logs apart.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *lineWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(line)
}
