package jsonenc

import "time"

// SetPatience changes how long a call waits for foreign methods.
func SetPatience(d time.Duration) (old time.Duration) {
	old, patience = patience, d
	return old
}

const MaxAside = maxAside

// Stuck is how many foreign methods run that nobody waits for.
func Stuck() int {
	places.mu.Lock()
	defer places.mu.Unlock()
	return places.stuck
}
