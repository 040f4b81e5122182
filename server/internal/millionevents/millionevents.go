// Package millionevents makes up the events of a busy team's agents, as many as are wanted and the same ones for the same seed: what a store
// is measured with. Names come with frequencies as they have in life (a few agents, models and tools do most of the work, most users come
// once), and texts are words of a made-up language whose frequencies follow Zipf's law, for a search index costs and answers by them.
package millionevents

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

const (
	// PerSession is how many events a session has, its start and its end included.
	PerSession = 20
	// Span is the time over which the sessions begin, up to [Config.End].
	Span = 30 * 24 * time.Hour

	agents, models, tools, users = 40, 12, 30, 5000

	together = 16 // sessions that go on at the same time
)

// Config says which events.
type Config struct {
	Seed   uint64
	Events int
	End    time.Time // when the last session begins
}

// Lines yields the events as JSON texts, in the order in which they would be sent. A text is valid until the next one is asked for.
func Lines(cfg Config) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		g := &generator{Config: cfg, random: rand.New(rand.NewPCG(cfg.Seed, 1)), language: newLanguage()}
		open := make([]*session, 0, together)
		for made := 0; made < cfg.Events; {
			for len(open) < together {
				open = append(open, g.begin())
			}
			i := g.random.IntN(len(open))
			if !yield(g.next(open[i])) {
				return
			}
			if made++; open[i].events == PerSession {
				open[i] = open[len(open)-1]
				open = open[:len(open)-1]
			}
		}
	}
}

// generator makes one event after the other.
type generator struct {
	Config
	random   *rand.Rand
	language *language
	begun    int // sessions
	line     []byte
}

// session is one that goes on.
type session struct {
	id      string
	agent   int
	user    int
	at      time.Time
	events  int
	failing bool
}

// begin spreads the sessions, those that do not come to their end included, evenly over the span.
func (g *generator) begin() *session {
	step := Span / time.Duration(g.Events/PerSession+together)
	at := g.End.Add(-Span + time.Duration(g.begun)*step)
	g.begun++
	return &session{id: g.id("sess_", at), agent: g.skewed(agents), user: g.skewed(users), at: at, failing: g.random.IntN(25) == 0}
}

// skewed picks one of n, the first ones most often.
func (g *generator) skewed(n int) int {
	f := g.random.Float64()
	return int(f * f * f * float64(n))
}

// id is a UUIDv7 of that time, as the SDK makes them.
func (g *generator) id(prefix string, at time.Time) string {
	ms, r := at.UnixMilli(), g.random.Uint64()
	return fmt.Sprintf("%s%08x-%04x-7%03x-8%03x-%012x", prefix, ms>>16, ms&0xffff, r>>52, r>>40&0xfff, r&0xffffffffffff>>8)
}
