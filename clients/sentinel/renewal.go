package sentinel

import (
	"context"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// renewal is what became of a token during one call.
type renewal struct {
	token string // of the next attempt, "" to ask the source
	err   error  // why there is none
}

type renewalKey struct{}

func withRenewal(ctx context.Context) (context.Context, *renewal) {
	r := &renewal{}
	return context.WithValue(ctx, renewalKey{}, r), r
}

// authorize sets the header of an attempt.
func (t *tokens) authorize(ctx context.Context, r *http.Request) error {
	if renewed, ok := ctx.Value(renewalKey{}).(*renewal); ok && renewed.token != "" {
		r.Header.Set("Authorization", bearer+renewed.token)
		renewed.token = "" // the attempts after the next ask again
		return nil
	}
	token, err := t.next(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", bearer+token)
	return nil
}

const bearer = "Bearer "

// refused drops the token of r, and tells whether there is another.
func (t *tokens) refused(ctx context.Context, r *http.Request) bool {
	renewed, ok := ctx.Value(renewalKey{}).(*renewal)
	if t.final || !ok || r == nil {
		return false
	}
	old := strings.TrimPrefix(r.Header.Get("Authorization"), bearer)
	t.invalidate(platform.Secret(old))
	renewed.token, renewed.err = t.next(ctx)
	if renewed.token == old {
		renewed.token = ""
	}
	return renewed.token != ""
}
