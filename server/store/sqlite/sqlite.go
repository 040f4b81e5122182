// Package sqlite keeps sessions and events in one SQLite file, without a C compiler.
//
// The file is in WAL mode: one writer, any number of readers beside it, also in other processes. A batch that Ingest acknowledged survives
// the death of the process; [FullSync] makes it survive the loss of power too.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/sentrial/sentrial-go/server/store"
)

// Option changes how [Open] opens a file.
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	noIndex    bool
	readOnly   bool
	fullSync   bool
	queueBytes int64
}

// ReadOnly opens an existing file for reading only, also while a server writes it and in a directory that cannot be written.
// Ingest then returns [store.ErrReadOnly].
func ReadOnly() Option { return optionFunc(func(c *config) { c.readOnly = true }) }

// FullSync flushes the disk at every commit, so that acknowledged events also survive a power cut. The default flushes at checkpoints only.
func FullSync() Option { return optionFunc(func(c *config) { c.fullSync = true }) }

// standardQueue is the default of [QueueBytes].
const standardQueue = 64 << 20

// QueueBytes bounds what may wait in memory for its turn to be stored, in bytes of the events' texts; the default is 64 MiB. A batch that
// would exceed it fails with [store.ErrBusy], unless nothing else waits.
func QueueBytes(n int64) Option { return optionFunc(func(c *config) { c.queueBytes = n }) }

// Store is a [store.Store] in a file.
type Store struct {
	read    *sql.DB
	writer  *writer // nil when opened for reading only
	payload *payloadCodec
	index   *indexer // nil when opened for reading only, or without search

	noIndex    bool // see [WithoutSearch]
	scrubbing  sync.Mutex
	lookUpMost int // see fewFound
}

var (
	_ store.Store  = (*Store)(nil)
	_ store.Knower = (*Store)(nil)
	_ store.Gauger = (*Store)(nil)
)

// Open opens the file at path, creates it when it is missing (unless [ReadOnly]), and brings its schema up to date.
// A file of a newer schema, or one that is not ours, is refused and left as it is.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	cfg := config{queueBytes: standardQueue}
	for _, o := range opts {
		o.apply(&cfg)
	}
	s, err := open(ctx, path, cfg)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path string, cfg config) (*Store, error) {
	file, err := locate(path)
	if err != nil {
		return nil, err
	}
	codec, err := newPayloadCodec()
	if err != nil {
		return nil, err
	}
	if cfg.readOnly {
		read, err := openReadOnly(ctx, file)
		if err != nil {
			return nil, err
		}
		return &Store{read: read, payload: codec, noIndex: cfg.noIndex, lookUpMost: fewFound}, nil
	}
	w, err := openWriter(ctx, file, cfg, codec)
	if err != nil {
		return nil, err
	}
	read, err := openPool(file, "", readerPragmas...)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	s := &Store{read: read, writer: w, payload: codec, noIndex: cfg.noIndex, lookUpMost: fewFound}
	if cfg.noIndex {
		if err := s.dropIndex(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	s.startIndexer()
	return s, nil
}

// openPool returns a pool of connections for reading.
func openPool(file, query string, pragmas ...string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(file, query, pragmas...))
	if err != nil {
		return nil, err
	}
	conns := max(4, runtime.GOMAXPROCS(0))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Ping reads from the file.
func (s *Store) Ping(ctx context.Context) error {
	var last int64
	return s.read.QueryRowContext(ctx, `SELECT last FROM sequence`).Scan(&last)
}

// Close waits for what is under way. The last connection to close folds the log into the file.
func (s *Store) Close() error {
	s.index.close()
	err := s.read.Close()
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
	}
	s.payload.close()
	return err
}
