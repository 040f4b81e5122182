package server

// Limits bounds what one request may bring. A zero field takes its default. GET /v1/limits and every 413 reply show them.
type Limits struct {
	MaxEvents       int   `json:"max_events"`        // events a request; default 1,000
	MaxWireBytes    int64 `json:"max_wire_bytes"`    // body as it travels; default 5 MiB
	MaxDecodedBytes int64 `json:"max_decoded_bytes"` // body after decompression; default 20 MiB
	MaxEventBytes   int   `json:"max_event_bytes"`   // one event's JSON; default 1 MiB
	MaxDepth        int   `json:"max_depth"`         // nesting of one event's JSON, the event itself being 1; default 64
}

func (l Limits) withDefaults() Limits {
	if l.MaxEvents <= 0 {
		l.MaxEvents = 1000
	}
	if l.MaxWireBytes <= 0 {
		l.MaxWireBytes = 5 << 20
	}
	if l.MaxDecodedBytes <= 0 {
		l.MaxDecodedBytes = 20 << 20
	}
	if l.MaxEventBytes <= 0 {
		l.MaxEventBytes = 1 << 20
	}
	if l.MaxDepth <= 0 {
		l.MaxDepth = 64
	}
	return l
}
