package types

// Status of a session or an event. A status that this version does not name is kept as it came.
type Status string

// The statuses that the wire defines. Success, error and cancelled are for sessions and events alike.
const (
	StatusSuccess   Status = "success"
	StatusError     Status = "error"
	StatusCancelled Status = "cancelled" // ended before its end: by the caller, a deadline or a stream cut short
	StatusUnknown   Status = "unknown"   // events only: the source did not say
	StatusRunning   Status = "running"   // events only: begun, not ended
	StatusActive    Status = "active"    // sessions only: no end was reported yet
	StatusAbandoned Status = "abandoned" // sessions only: went silent without an end
)
