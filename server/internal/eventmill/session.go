package eventmill

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

const (
	agents = 40
	models = 12
	tools  = 30
	users  = 5_000
)

// session makes the events of one session.
type session struct {
	random *rand.Rand
	words  *vocabulary
	number int
	id     string
	at     time.Time // when the next event happens
	last   string    // id of the event before
}

// newSession makes session i of n. What it is depends on the seed and i alone.
func newSession(o Options, words *vocabulary, i, n int) *session {
	random := rand.New(rand.NewPCG(o.Seed, uint64(i))) //nolint:gosec // the same events for the same seed
	s := &session{random: random, words: words, number: i}
	between := Span / time.Duration(n)
	s.at = o.Until.Add(-Span + time.Duration(i)*between + time.Duration(s.random.Int64N(int64(between)+1)))
	s.id = s.newID("sess_")
	return s
}

// newID is a UUIDv7 of the present.
func (s *session) newID(prefix string) string {
	ms := uint64(s.at.UnixMilli())
	return fmt.Sprintf("%s%08x-%04x-7%03x-%04x-%012x", prefix, ms>>16, ms&0xffff, s.random.Uint32N(1<<12), 0x8000|s.random.Uint32N(1<<14), s.random.Uint64N(1<<48))
}

// event makes the event of a place in the session: start, then calls of models and tools, decisions and steps, then the end.
func (s *session) event(seq int) store.Event {
	w := &writer{session: s}
	w.ID, w.SessionID, w.ParentID, w.Seq, w.Timestamp = s.newID("evt_"), s.id, s.last, int64(seq+1), s.at
	switch seq {
	case 0:
		w.start()
	case PerSession - 1:
		w.end()
	default:
		w.work(seq)
	}
	s.last, s.at = w.ID, s.at.Add(100*time.Millisecond+s.lasts())
	return w.finish()
}

// lasts is a duration around two seconds, seldom very long.
func (s *session) lasts() time.Duration {
	d := time.Duration(2e9 * math.Exp(s.random.NormFloat64()))
	return d.Round(time.Microsecond)
}

// pick returns one of n, the first about n times as often as the last.
func (s *session) pick(n int) int {
	return min(int(math.Exp(s.random.Float64()*math.Log(float64(n+1))))-1, n-1)
}

// status is of an event: one in fifty failed.
func (s *session) status() types.Status {
	if s.random.IntN(50) == 0 {
		return types.StatusError
	}
	return types.StatusSuccess
}

// outcome is of a session.
func (s *session) outcome() types.Status {
	switch n := s.random.IntN(100); {
	case n < 5:
		return types.StatusError
	case n < 6:
		return types.StatusCancelled
	}
	return types.StatusSuccess
}
