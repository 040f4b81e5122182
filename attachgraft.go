package sentrial

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
)

func init() { attach.Graft, attach.SamePlace = graft, samePlace }

func graft(ctx, place context.Context) context.Context { return withScope(ctx, *scopeOf(place)) }

func samePlace(a, b context.Context) bool {
	x, y := scopeOf(a), scopeOf(b)
	return x.parentID == y.parentID && x.span == y.span && x.session.owner() == y.session.owner() && x.session.ID() == y.session.ID()
}
