package store

import "context"

// Indexer finds sessions by the words of their events ([SessionQuery.Text]).
//
// A word is a run of letters and digits, whatever its case and accents; all else separates words and is not looked for. A word of three or
// more characters also means the longer words that it begins, a shorter one only itself. Han, Hiragana and Katakana, which are written
// without spaces, are looked for by pairs of characters. The words of an event are those of all its strings, at whatever depth, and the
// whole numbers inside its values; its own id and those of what it belongs to, its type, status and time are no words.
//
// Events are indexed soon after they were stored. A search waits for those that were stored before it, but not for long.
type Indexer interface {
	// WaitIndexed returns when everything stored before the call can be found, and the words of what was deleted are gone.
	WaitIndexed(ctx context.Context) error

	// Unindexed returns how many stored events cannot be found yet, at most 100,000: more are not counted.
	Unindexed(ctx context.Context) (int64, error)
}
