package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

// caller is on whose behalf a request comes. Without a key it is either trusted or nobody.
type caller struct {
	key     *store.Key
	trusted bool  // no key is asked for: the project is the one that the request names
	keyless bool  // no key was ever made
	err     error // the store could not say
}

// identify finds out who calls. A server on loopback trusts everybody until the first key is made.
func (s *Server) identify(r *http.Request) caller {
	made, err := s.keys.anyMade(r.Context())
	if err != nil {
		return caller{err: err}
	}
	if !made {
		return caller{keyless: true, trusted: isLocal(r)}
	}
	now := s.now()
	text := bearer(r.Header)
	key, err := s.keys.match(r.Context(), text, now)
	switch {
	case err != nil:
		return caller{err: err}
	case key == nil:
		key, err = s.tokens.match(r.Context(), text, now, func() bool { return !s.spent(r) })
		return caller{key: key, err: err}
	}
	s.touch(r.Context(), key)
	return caller{key: key}
}

func (s *Server) touch(ctx context.Context, key *store.Key) {
	if err := s.keys.touch(ctx, key, s.now()); err != nil {
		s.log.DebugContext(ctx, "the last use of a key was not written down", "key", key.ID, "error", err)
	}
}

// name is how the log calls the caller.
func (c *caller) name() string {
	switch {
	case c.key != nil:
		return c.key.ID
	case c.trusted:
		return "loopback"
	}
	return "nobody"
}

// may reports what keeps the caller from what needs that scope.
func (c *caller) may(needed scope, r *http.Request) error {
	switch {
	case c.trusted:
		return nil
	case c.err != nil:
		return unavailable("the key could not be looked up, send this again", c.err)
	case c.key == nil:
		return unauthorized()
	case !c.speaksFor(r.Header.Values("X-Sentrial-Project")):
		return forbidden(codeScope, "the key is of another project than X-Sentrial-Project names")
	case !c.allows(needed):
		return forbidden(codeScope, "the key lacks the scope "+string(needed))
	}
	return nil
}

// speaksFor reports whether the projects named are the key's.
func (c *caller) speaksFor(named []string) bool {
	return !slices.ContainsFunc(named, func(project string) bool { return project != "" && project != c.key.Project })
}

func (c *caller) allows(needed scope) bool {
	return slices.Contains(c.key.Scopes, string(needed)) || slices.Contains(c.key.Scopes, string(scopeAdmin))
}

// bearer returns the key that a request shows, "" when it shows none or several.
func bearer(h http.Header) string {
	values := h["Authorization"]
	if len(values) != 1 {
		return ""
	}
	scheme, key, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.Trim(key, " ")
}

// stillMay reports what keeps the caller of a request that goes on from what needs that scope, now: its key may have been revoked or have ended.
func (s *Server) stillMay(r *http.Request, needed scope) error {
	if s.trusted {
		return nil
	}
	now := s.identify(r)
	return now.may(needed, r)
}

// allowing lets only those reach next who may.
func (s *Server) allowing(needed scope, next endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := exchangeOf(r).caller.may(needed, r); err != nil {
			return err
		}
		return next(w, r)
	}
}

// projectOf returns the project that a request speaks for: its key's, or without keys the one that it names.
func projectOf(r *http.Request) (string, error) {
	c := &exchangeOf(r).caller
	switch {
	case c.key != nil:
		return c.key.Project, nil
	case !c.trusted:
		return "", unauthorized()
	}
	return projectNamed(r)
}

func projectNamed(r *http.Request) (string, error) {
	id := r.Header.Get("X-Sentrial-Project")
	if id == "" {
		return "default", nil
	}
	if !validID(id) {
		return "", invalid("X-Sentrial-Project %q: expected 1 to 128 characters of A-Z a-z 0-9 _ . : -", shorten(id))
	}
	return id, nil
}
