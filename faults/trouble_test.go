package faults_test

import (
	"context"
	"log/slog"
	"sync"
)

// troubleHandler is a log handler that tells of the first warning: the SDK warns when events cannot be delivered.
type troubleHandler struct {
	slog.Handler
	first func()
}

// newTroubleHandler returns the handler and a channel that is closed at the first warning.
func newTroubleHandler() (slog.Handler, <-chan struct{}) {
	trouble := make(chan struct{})
	return troubleHandler{slog.DiscardHandler, sync.OnceFunc(func() { close(trouble) })}, trouble
}

func (h troubleHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn
}

func (h troubleHandler) Handle(context.Context, slog.Record) error {
	h.first()
	return nil
}
