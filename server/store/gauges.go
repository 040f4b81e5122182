package store

import "time"

// Gauger is a [Store] that can tell how busy it is. Gauges must be quick and wait for nothing.
type Gauger interface {
	Gauges() Gauges
}

// Gauges is how busy an engine is at a moment.
type Gauges struct {
	QueueBytes int64         // of batches that wait for the writer
	Commits    int64         // transactions committed since the store was opened
	LastCommit time.Duration // how long the latest took, from its begin to its commit
	SearchLag  int64         // events that are stored but not found by a search yet, about
	// SearchFailures is how often indexing went wrong since the store was opened; it is tried again every second.
	SearchFailures int64
}
