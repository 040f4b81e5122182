package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// receiver stores events and misbehaves.
type receiver struct {
	ledger *ledger
	forget uint64

	mu      sync.Mutex
	weather *weather
}

// receive is the receiver's process: it prints its address, and ends when its standard input does.
func receive(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet(receiveCommand, flag.ContinueOnError)
	addr := flags.String("listen", "127.0.0.1:0", "address to listen on")
	file := flags.String("ledger", "", "file of the ledger")
	events := flags.Uint64("events", 0, "number of events")
	forget := flags.Uint64("forget", 0, "lose every n-th event")
	trouble := flags.Float64("trouble", 0, "share of the requests that go wrong")
	seed := flags.Uint64("seed", 0, "decides which requests go wrong")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l, err := openLedger(*file, *events)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, ln.Addr())
	r := &receiver{ledger: l, forget: *forget, weather: newWeather(*trouble, *seed)}
	return serve(ctx, ln, r)
}

func serve(ctx context.Context, ln net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	ended := make(chan struct{})
	go func() { // also when the process that started this one has died
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	select {
	case err := <-served:
		return err
	case <-ended:
	case <-ctx.Done():
	}
	return server.Close()
}

func (r *receiver) fate() fate {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.weather.next()
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	f := r.fate()
	switch f {
	case unavailable:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case reset:
		cut(w)
		return
	default:
	}
	reply, err := r.take(req.Body)
	if err != nil { // a request that was cut off is of no interest; anything else the client will report as refused
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, req, f, reply)
}

// answer sends the reply, or spoils it.
func answer(w http.ResponseWriter, req *http.Request, f fate, reply []byte) {
	w.Header().Set("Content-Type", "application/json")
	switch f {
	case failed:
		w.WriteHeader(http.StatusInternalServerError)
	case lostReply:
		cut(w)
	case cutReply:
		w.Header().Set("Content-Length", fmt.Sprint(len(reply)))
		_, _ = w.Write(reply[:len(reply)/2])
	case hang:
		<-req.Context().Done()
	default:
		_, _ = w.Write(reply)
	}
}

// cut resets the connection.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// take stores a batch and returns its acknowledgement.
func (r *receiver) take(body io.Reader) ([]byte, error) {
	var batch struct{ Events []event }
	if err := json.NewDecoder(body).Decode(&batch); err != nil {
		return nil, err
	}
	accepted, duplicates, err := r.ledger.store(batch.Events, r.forget)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"accepted": accepted, "duplicates": duplicates, "rejected": []any{}})
}
