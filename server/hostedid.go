package server

import "github.com/google/uuid"

// newID returns prefix and a UUIDv7: the ids that this server makes look like those of the SDK.
func newID(prefix string) string { return prefix + uuid.Must(uuid.NewV7()).String() }
