package sentineltest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// reply is an answer before it is sent: a fault may still befall it.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// handler answers a request.
type handler func(*http.Request) *reply

// ServeHTTP hands the reply to the capture that called the mux.
func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { w.(*capture).reply = h(r) }

// capture takes what a handler returns through http.ServeMux.
type capture struct {
	http.ResponseWriter
	reply *reply
}

// Header and the next two take what the mux itself says: a redirect to a cleaned path.
func (c *capture) Header() http.Header {
	c.had()
	return c.reply.header
}

func (c *capture) WriteHeader(status int) { c.had().status = status }

func (c *capture) Write(p []byte) (int, error) {
	c.had().body = append(c.reply.body, p...)
	return len(p), nil
}

func (c *capture) had() *reply {
	if c.reply == nil {
		c.reply = &reply{status: http.StatusOK, header: http.Header{}}
	}
	return c.reply
}

func answered(status int, body any) *reply {
	encoded, err := json.Marshal(body)
	if err != nil {
		return failed(http.StatusInternalServerError, "Internal Server Error")
	}
	return &reply{status, http.Header{"Content-Type": {"application/json"}}, encoded}
}

func failed(status int, detail string) *reply {
	return answered(status, map[string]string{"detail": detail})
}

func allow(method string) handler {
	return func(*http.Request) *reply {
		r := failed(http.StatusMethodNotAllowed, "Method Not Allowed")
		r.header.Set("Allow", method)
		return r
	}
}

// send writes a reply, with a length that may be that of more than is written.
func (r *reply) send(w http.ResponseWriter, written int) {
	maps.Copy(w.Header(), r.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:written]) // a client that is gone needs no answer
}
