package sentinel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// ask sends what changes nothing.
func (c *core) ask(ctx context.Context, q platform.Request) (*httpx.Response, error) {
	q.Output = &recorded{q.Output, c.tokens}
	return c.asking.Do(ctx, q)
}

// act sends what would be done twice.
func (c *core) act(ctx context.Context, q platform.Request) error {
	q.Output = &recorded{q.Output, c.tokens}
	_, err := c.acting.Do(ctx, q)
	return err
}

// idPath fills an id into a path.
func idPath(pattern, id string) (string, error) {
	path, err := platform.Path(pattern, id)
	if err != nil {
		return "", fmt.Errorf("sentinel: %w", err)
	}
	return path, nil
}

// recorded is a value as it is recorded: should a platform repeat the access token, it is not in there.
type recorded struct {
	value  any
	tokens *tokens
}

// MarshalJSON encodes the value.
func (r *recorded) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.value); err != nil {
		return nil, err
	}
	text := r.tokens.scrub(b.String())
	if !json.Valid([]byte(text)) {
		return json.Marshal(text)
	}
	return []byte(text), nil
}
