package server

import "github.com/sentrial/sentrial-go/server/store"

// AcceptedEvents returns what of a body goes to the store.
func AcceptedEvents(body []byte) []store.Event {
	sent, err := decodeRequest(body, Limits{}.withDefaults())
	if err != nil {
		return nil
	}
	return sent.events
}
