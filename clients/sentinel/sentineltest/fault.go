package sentineltest

import (
	"net/http"
	"time"
)

// Fault is what goes wrong with a request. With Status, Drop or Hang it is not carried out; with the others it is.
type Fault struct {
	Status     int    // the answer, such as 503
	Detail     string // of Status, "" for a body that has none
	RetryAfter string // header of Status: seconds, or a date
	Location   string // header of Status, for redirects
	Body       string // of Status, instead of JSON with the detail, as text/html

	Drop bool // the connection breaks before the request is read
	Hang bool // nothing happens until the client gives up

	LoseReply bool // the connection breaks instead of the answer
	CutBody   bool // the answer ends in the middle
	Garble    bool // the answer is a web page

	Delay time.Duration // before anything else
}

// Inject makes the next requests fail, one fault for each.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// InjectFunc asks f for the fault of each request that Inject has none for; nil is none. f is called by several requests at once.
func (s *Server) InjectFunc(f func(*http.Request) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faultOf = f
}

// fault is that of a request.
func (s *Server) fault(r *http.Request) *Fault {
	s.mu.Lock()
	next, of := s.faults, s.faultOf
	if len(next) > 0 {
		s.faults = next[1:]
		s.mu.Unlock()
		return &next[0]
	}
	s.mu.Unlock()
	if of != nil {
		if f := of(r); f != nil {
			return f
		}
	}
	return &Fault{}
}

// instead tells whether the request is not carried out.
func (f *Fault) instead() bool { return f.Status != 0 || f.Drop || f.Hang }

// serve answers a request that is not carried out, and tells the status.
func (f *Fault) serve(w http.ResponseWriter, r *http.Request) int {
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Hang:
		hang(r)
		panic(http.ErrAbortHandler)
	}
	answer := f.reply()
	answer.send(w, len(answer.body))
	return answer.status
}

// hang reads what comes, because only then net/http tells that a client is gone.
func hang(r *http.Request) {
	buf := make([]byte, 4096)
	for {
		if _, err := r.Body.Read(buf); err != nil {
			break
		}
	}
	<-r.Context().Done()
}

func (f *Fault) reply() *reply {
	answer := answered(f.Status, map[string]string{})
	switch {
	case f.Body != "":
		answer = page(f.Status, f.Body)
	case f.Detail != "":
		answer = failed(f.Status, f.Detail)
	}
	for name, value := range map[string]string{"Retry-After": f.RetryAfter, "Location": f.Location} {
		if value != "" {
			answer.header.Set(name, value)
		}
	}
	return answer
}

func page(status int, body string) *reply {
	return &reply{status, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, []byte(body)}
}

// deliver sends the answer of a request that was carried out.
func (f *Fault) deliver(w http.ResponseWriter, answer *reply) {
	switch {
	case f.LoseReply:
		panic(http.ErrAbortHandler)
	case f.CutBody:
		answer.send(w, len(answer.body)/2)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case f.Garble:
		answer = page(answer.status, "<html>Welcome to the network of this hotel</html>")
	}
	answer.send(w, len(answer.body))
}

func (f *Fault) delay(r *http.Request) {
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}
