package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// Retention is how long sessions are kept after the last thing that came for them. 0 is for ever.
type Retention struct {
	Default  time.Duration
	Projects map[string]time.Duration // a project's own, in place of Default
}

// maintainEvery is how often what is too old is looked for.
const maintainEvery = time.Hour

// Maintain removes what is too old, now and every hour, until ctx ends. [Server.Serve] does so by itself.
func (s *Server) Maintain(ctx context.Context) {
	tick := time.NewTicker(maintainEvery)
	defer tick.Stop()
	for {
		s.purge(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) purge(ctx context.Context) {
	gone, err := s.store.Purge(ctx, s.retention.cutoff(s.now()))
	if gone != (store.Removed{}) {
		s.log.LogAttrs(ctx, slog.LevelInfo, "removed what was too old",
			slog.Int64("sessions", gone.Sessions), slog.Int64("events", gone.Events), slog.Int64("receipts", gone.Receipts))
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrReadOnly) {
		s.log.LogAttrs(ctx, slog.LevelError, "what is too old could not be removed", slog.Any("error", err))
	}
}

func (r *Retention) cutoff(now time.Time) store.Cutoff {
	c := store.Cutoff{Sessions: before(now, r.Default), Projects: make(map[string]time.Time), Receipts: now.Add(-store.ReceiptLife)}
	for project, keep := range r.Projects {
		c.Projects[project] = before(now, keep)
	}
	return c
}

// before is the zero time for what is kept for ever.
func before(now time.Time, keep time.Duration) time.Time {
	if keep <= 0 {
		return time.Time{}
	}
	return now.Add(-keep)
}
