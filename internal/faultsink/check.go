package faultsink

import (
	"errors"
	"fmt"
)

// Check returns nil if every one of the ids was stored exactly once, and nothing else but what sessions begin and end with; if sessions read in order; if no
// request came early, no resend was changed, no idempotency key was used twice, no body was broken; and if nothing leaked or went astray. On the hosted wire also if
// every session had one request at a time, none before its id was known, and all its events in one place. Otherwise the error has a line for each count that is not 0,
// with examples.
func (r Report) Check(ids []string) error {
	return errors.Join(
		none("events lost", r.Lost(ids)),
		none("unknown events stored", r.Unknown(ids)),
		number("events stored twice", r.StoredDuplicates()),
		none("inversions", names(r.Inversions())),
		none("early retries", numbers(r.EarlyRetries())),
		none("events sent again with other bytes", r.Changed),
		none("idempotency keys used for other events", r.Conflicts),
		none("requests that make no sense", r.Malformed),
		none("requests to other paths", r.Strays),
		none("requests beside another one of their session", numbers(r.Crowded())),
		none("requests for sessions that no reply had told", r.Premature),
		none("sessions in several places", r.Scattered()),
		none("headers of the other protocol", r.Foreign()),
		none("watched texts seen", r.Secrets),
		none("requests that followed a redirect", r.Redirected),
	)
}

// examples is how many of what is wrong an error shows.
const examples = 3

func none[T any](what string, list []T) error {
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("%d %s, want 0: %v", len(list), what, list[:min(len(list), examples)])
}

func number(what string, n int) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d %s, want 0", n, what)
}

func names(events []Event) (list []string) {
	for _, e := range events {
		list = append(list, fmt.Sprintf("%s (session %s, seq %d)", e.ID, e.SessionID, e.Seq))
	}
	return list
}

func numbers(requests []Request) (list []string) {
	for _, r := range requests {
		list = append(list, fmt.Sprintf("request %d", r.N))
	}
	return list
}
