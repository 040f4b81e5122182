package server

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

const (
	streamPage = 200 // events read at once
	// streamPoll is half a second because keys are remembered for as long: both together are the second after which a revoked one must end. Other
	// processes commit too.
	streamPoll  = 500 * time.Millisecond
	streamRest  = 50 * time.Millisecond // between two readings, however often something is committed
	streamQuiet = 15 * time.Second      // without a message: a comment tells that both ends are there
)

// stream is what one client follows. It holds no more than the page being written: what comes next is read from the store when there is room for it.
type stream struct {
	server   *Server
	request  *http.Request
	out      *sseWriter
	project  string
	query    store.FollowQuery
	resumed  int64 // the last message that the client has: of that event, only the session is told again
	shutdown <-chan struct{}
}

// openStream answers with what is committed from now on, or behind the position that the client names, until one of both ends it.
func (s *Server) openStream(w http.ResponseWriter, r *http.Request) error {
	st, err := s.newStream(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		streamHeader(w)
		return nil
	}
	if err := s.streams.enter(st.project); err != nil {
		return err
	}
	defer s.streams.leave(st.project)
	if err := st.locate(r.Context()); err != nil {
		return err
	}
	st.out = newSSEWriter(w)
	defer st.out.end()
	if err := st.run(r.Context()); err != nil && r.Context().Err() == nil {
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "stream ended", slog.String("request_id", requestID(r)), slog.Any("error", err))
	}
	return nil // an error has no place in a reply that has begun
}

func (s *Server) newStream(r *http.Request) (*stream, error) {
	project, err := projectOf(r)
	if err != nil {
		return nil, err
	}
	p, err := readParams(r, []string{"session", "last_event_id"}, "type")
	if err != nil {
		return nil, err
	}
	names, err := p.types()
	if err != nil {
		return nil, err
	}
	st := &stream{server: s, request: r, project: project, query: store.FollowQuery{Session: p.text("session"), Limit: streamPage}, shutdown: shutdownOf(r)}
	for _, name := range names {
		st.query.Types = append(st.query.Types, types.EventType(name))
	}
	st.resumed, err = lastEventID(r, p)
	return st, err
}

// lastEventID returns the position that the client has seen, -1 when it says none. The parameter is for who cannot set a header.
func lastEventID(r *http.Request, p params) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = p.text("last_event_id")
	}
	if text == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, invalid("Last-Event-ID: expected the id of a message, which is a number, got %s", quote(text))
	}
	return n, nil
}

// locate finds where to begin. The last event that the client has is read once more, for the change of its session may have been under way when
// the connection broke.
func (st *stream) locate(ctx context.Context) error {
	last, err := st.server.store.Position(ctx)
	if err != nil {
		return unavailable("the store does not answer", err)
	}
	if st.resumed < 0 || st.resumed > last { // a position of another store
		st.resumed, st.query.After = last, last
		return nil
	}
	st.query.After = max(st.resumed-1, 0)
	return nil
}

// run tells what is there, then waits for more.
func (st *stream) run(ctx context.Context) error {
	if err := st.out.begin(st.resumed); err != nil {
		return err
	}
	poll := time.NewTicker(streamPoll)
	defer poll.Stop()
	for {
		if err := st.server.stillMay(st.request, scopeRead); err != nil {
			return err
		}
		changed := st.server.streams.change(st.project) // before reading, so that nothing falls between
		more, err := st.advance(ctx)
		if err != nil {
			return err
		}
		if err := st.pause(ctx, more, changed, poll.C); err != nil {
			return err
		}
	}
}
