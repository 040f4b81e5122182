package hiviumtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// once is what was done under an idempotency key.
type once struct {
	asked  []byte // path and body
	at     time.Time
	status int
	reply  any
}

// keptFor is how long an idempotency key is remembered.
const keptFor = 24 * time.Hour

// idempotent does a thing once for each idempotency key. What was refused was not done.
func (s *Server) idempotent(do handler) handler {
	return func(x *exchange) (any, *refusal) {
		name := x.r.Header.Get("Idempotency-Key")
		if name == "" {
			return do(x)
		}
		name, asked := x.key.text+" "+name, append([]byte(x.r.URL.Path+" "), canonical(x.body)...)
		before := s.done[name]
		switch {
		case before == nil || time.Since(before.at) >= keptFor:
		case !bytes.Equal(before.asked, asked):
			return nil, refuse(http.StatusConflict, "idempotency_conflict", "The idempotency key was used with another body.")
		default:
			x.header.Set("Idempotent-Replayed", "true")
			x.status = before.status
			return before.reply, nil
		}
		reply, refused := do(x)
		if refused == nil {
			s.done[name] = &once{asked, time.Now(), x.status, reply}
		}
		return reply, refused
	}
}

// canonical is JSON without what does not matter.
func canonical(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	same, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return same
}
