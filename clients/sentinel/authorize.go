package sentinel

import (
	"context"
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/internal/platform"
)

const bearer = "Bearer "

// authorize sets the header of an attempt.
func (t *tokens) authorize(ctx context.Context, r *http.Request) error {
	token, err := t.next(ctx)
	if err == nil {
		r.Header.Set("Authorization", bearer+token)
	}
	return err
}

// refused tells the source of the token of r, unless it has given another one since or was told already. Nobody is given a token meanwhile: it would be the old one.
func (t *tokens) refused(ctx context.Context, r *http.Request) (again bool) {
	if t.final || t.take(ctx) != nil {
		return false
	}
	defer t.give()
	if token := platform.Secret(strings.TrimPrefix(r.Header.Get("Authorization"), bearer)); !t.spend(token) {
		return true
	}
	if source, ok := t.source.(interface{ Invalidate() }); ok {
		source.Invalidate()
	}
	return true
}

// spend notes that a token was refused, and tells whether that is news of the one given last.
func (t *tokens) spend(token platform.Secret) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if token != t.latest() || token == t.spent {
		return false
	}
	t.spent = token
	return true
}

// lost tells whether the token given last was refused.
func (t *tokens) lost() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.spent != "" && t.spent == t.latest()
}
