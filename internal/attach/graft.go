package attach

import (
	"context"

	"github.com/sentrial/sentrial-go/types"
)

// Graft gives ctx with the place in a session, and what is said of content there, of another context. Values and end stay those of ctx.
var Graft func(ctx, place context.Context) context.Context

// SamePlace tells whether what is recorded in one context comes to where it comes in the other: in the same session, under the same event.
var SamePlace func(a, b context.Context) bool

// Told gives how an open LLM call of ctx ended for those that Enrich was given something by; "" if none said so.
var Told func(ctx context.Context) (status types.Status, text string)
