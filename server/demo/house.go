package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/standin"
	"github.com/sentrial/sentrial-go/server/demo/tools"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// house is what the agent lives in: its tools, its model, and the server that its sessions go to.
type house struct {
	dir     string
	dbPath  string
	url     string // of the server
	tools   *tools.Set
	model   chat.Endpoint
	standIn bool
	closers []func() error
}

// open starts everything. What was started by then is stopped again on an error.
func open(ctx context.Context, opts Options) (*house, error) {
	h := &house{dir: opts.Dir, dbPath: opts.DBPath, model: opts.Model}
	for _, part := range []func(context.Context) error{h.openTools, h.openStore, h.openModel} {
		if err := part(ctx); err != nil {
			return nil, errors.Join(err, h.close())
		}
	}
	return h, nil
}

// close stops what was started, the last one first.
func (h *house) close() (err error) {
	for _, end := range slices.Backward(h.closers) {
		err = errors.Join(err, end())
	}
	return err
}

func (h *house) onClose(end func() error) { h.closers = append(h.closers, end) }

func (h *house) openTools(context.Context) (err error) {
	if h.dir, err = filepath.Abs(h.dir); err != nil {
		return err
	}
	if h.tools, err = tools.Open(h.dir); err != nil {
		return err
	}
	h.onClose(h.tools.Close)
	return nil
}

// openStore opens the database, a temporary one where none is named, and serves it.
func (h *house) openStore(ctx context.Context) error {
	if h.dbPath == "" {
		temp, err := os.MkdirTemp("", "sentrial-demo-")
		if err != nil {
			return err
		}
		h.onClose(func() error { return os.RemoveAll(temp) })
		h.dbPath = filepath.Join(temp, "demo.db")
	}
	store, err := sqlite.Open(ctx, h.dbPath)
	if err != nil {
		return fmt.Errorf("opening the demo's database: %w", err)
	}
	h.onClose(store.Close)
	handler, err := server.New(server.Config{Store: store})
	if err != nil {
		return err
	}
	h.url, err = h.serve(ctx, func(ctx context.Context, ln net.Listener) error { return handler.Serve(ctx, ln) })
	return err
}

// openModel starts the stand-in, unless there is a model.
func (h *house) openModel(ctx context.Context) error {
	if h.model.BaseURL != "" {
		return nil
	}
	h.standIn = true
	model := &http.Server{Handler: standin.Handler(), ReadHeaderTimeout: modelTimeout}
	base, err := h.serve(ctx, func(ctx context.Context, ln net.Listener) error {
		context.AfterFunc(ctx, func() { _ = model.Close() })
		if err := model.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	h.model = chat.Endpoint{BaseURL: base + "/v1", Model: standin.Name}
	return err
}

// serve runs a server on a port of its own until close, whatever becomes of ctx: what was recorded before an interruption must still be delivered.
func (h *house) serve(ctx context.Context, serve func(context.Context, net.Listener) error) (url string, err error) {
	ln, err := server.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, ln) }()
	h.onClose(func() error {
		stop()
		return <-ended
	})
	return "http://" + ln.Addr().String(), nil
}
