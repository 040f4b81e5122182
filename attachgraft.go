package sentrial

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

func init() { attach.Graft, attach.SamePlace, attach.Told = graft, samePlace, told }

func graft(ctx, place context.Context) context.Context { return withScope(ctx, *scopeOf(place)) }

func samePlace(a, b context.Context) bool {
	x, y := scopeOf(a), scopeOf(b)
	return x.parentID == y.parentID && x.span == y.span && x.session.owner() == y.session.owner() && x.session.ID() == y.session.ID()
}

func told(ctx context.Context) (types.Status, string) {
	o := scopeOf(ctx).span
	if o == nil {
		return "", ""
	}
	o.besides.mu.Lock()
	defer o.besides.mu.Unlock()
	if o.besides.llm == nil {
		return "", ""
	}
	return o.besides.llm.Status, o.besides.llm.Error
}
