// Package hermetic is the door by which sentrialtest reaches into package sentrial. It is a package of its own because public options for what is here would
// tempt programs to use them.
package hermetic

import (
	"context"
	"sync/atomic"
)

// NewClient makes a *sentrial.Client from sentrial.Option values without looking at the environment: a developer's SENTRIAL_* variables must not decide whether
// a test passes. A SpanOpened and BatchOnly may stand among the options. Package sentrial sets it when it is loaded.
var NewClient func(options []any) (client any, err error)

// SpanOpened is an option of NewClient: it hears the id of each span that begins, on the goroutine that begins it.
type SpanOpened func(id string)

// BatchOnly is an option of NewClient: it refuses the hosted protocol, which a server in memory does not speak.
type BatchOnly struct{}

// OnUnsessioned hears of each helper call that found no session in its context, on the goroutine of the call. Package sentrialtest sets it when it is
// loaded; without it nobody does.
var OnUnsessioned atomic.Pointer[func(context.Context)]
