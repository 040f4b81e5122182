package sentineltest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// limit gives the reply to a request that is one too many for its token, nil to others. The window slides: a refused request takes no place in it.
func (s *Server) limit(r *http.Request) *reply {
	if s.cfg.limit == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, now := s.tokens[bearer(r)], time.Now()
	if g == nil { // expired in this very moment
		return unauthorized("Invalid access token")
	}
	g.seen = slices.DeleteFunc(g.seen, func(at time.Time) bool { return now.Sub(at) >= s.cfg.window })
	if len(g.seen) < s.cfg.limit {
		g.seen = append(g.seen, now)
		return nil
	}
	return tooMany(s.cfg.window - now.Sub(g.seen[0]))
}

func tooMany(wait time.Duration) *reply {
	r := failed(http.StatusTooManyRequests, "Too many requests")
	seconds := int((wait + time.Second - 1) / time.Second)
	r.header.Set("Retry-After", strconv.Itoa(max(1, seconds)))
	return r
}
