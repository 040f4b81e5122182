package cli

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/format"
)

// sessionNames knows what sessions are called. One that it has not heard of is asked for, once.
type sessionNames struct {
	ctx   context.Context // of the command
	src   source
	known map[string]string
}

const (
	maxNames      = 10_000
	namesPatience = time.Second
)

func newSessionNames(ctx context.Context, src source) *sessionNames {
	return &sessionNames{ctx: ctx, src: src, known: map[string]string{}}
}

// learn takes a session as the API sends it.
func (n *sessionNames) learn(session []byte) {
	var s struct{ ID, Name string }
	if json.Unmarshal(session, &s) == nil && s.ID != "" {
		n.put(s.ID, s.Name)
	}
}

func (n *sessionNames) put(id, name string) {
	if len(n.known) >= maxNames {
		clear(n.known)
	}
	n.known[id] = format.Preview(name)
}

// of returns the name of a session, or "" when it has none.
func (n *sessionNames) of(id string) string {
	if name, ok := n.known[id]; ok {
		return name
	}
	ctx, cancel := context.WithTimeout(n.ctx, namesPatience)
	defer cancel()
	n.put(id, "")
	if raw, err := n.src.Session(ctx, id); err == nil {
		n.learn(raw)
	}
	return n.known[id]
}
