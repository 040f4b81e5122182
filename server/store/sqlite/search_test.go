package sqlite_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// library is what a store was told, looked through without an index.
type library struct {
	*sqlite.Store
	t        *testing.T
	random   *rand.Rand
	file     string
	sessions map[string]*shelf
	events   int
}

// shelf is a session.
type shelf struct {
	id, agent string
	created   int64
	words     map[string]bool
}

func newLibrary(t *testing.T, seed uint64) *library {
	file := filepath.Join(t.TempDir(), "s.db")
	return &library{
		Store: open(t, file), t: t, random: rand.New(rand.NewPCG(seed, 0)), file: file, sessions: make(map[string]*shelf),
	}
}

// word returns one of words that begin each other now and then; the first are the most frequent.
func (l *library) word() string {
	n := int(rand.NewZipf(l.random, 1.3, 4, 400).Uint64())
	return strings.Repeat("ab", n%3) + string(rune('a'+n%7)) + fmt.Sprint(n/7)
}

// fill stores some batches of events of some sessions.
func (l *library) fill(batches int) {
	l.t.Helper()
	for range batches {
		batch := store.Batch{Project: "p", ReceivedAt: time.Unix(5, 0)}
		for range 1 + l.random.IntN(8) {
			batch.Events = append(batch.Events, l.event())
		}
		if _, err := l.Ingest(l.t.Context(), batch); err != nil {
			l.t.Fatal(err)
		}
		if l.random.IntN(3) == 0 {
			l.waitIndexed()
		}
	}
	l.waitIndexed()
}

func (l *library) waitIndexed() {
	l.t.Helper()
	if err := l.WaitIndexed(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *library) event() store.Event {
	l.events++
	id := fmt.Sprint("s", l.random.IntN(150))
	s := l.sessions[id]
	e := store.Event{ID: fmt.Sprint("e", l.events), SessionID: id, Type: types.EventStep}
	if s == nil {
		s = &shelf{id, fmt.Sprint("agent", l.random.IntN(3)), int64(l.random.IntN(30)), make(map[string]bool)}
		l.sessions[id] = s
		e.Type, e.Change = types.EventSessionStart, &store.Change{AgentName: s.agent}
	}
	e.Timestamp = time.Unix(s.created, 0)
	var text []string
	for range l.random.IntN(6) {
		word := l.word()
		text = append(text, word)
		s.words[word] = true
	}
	e.Raw = fmt.Appendf(nil, `{"id":%q,"input":{"deep":[%q]}}`, e.ID, strings.Join(text, " "))
	return e
}

// find is what the store should answer.
func (l *library) find(text, agent string, since int64) []string {
	var found []*shelf
	for _, s := range l.sessions {
		if s.has(text) && (agent == "" || s.agent == agent) && s.created >= since {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *shelf) int { return cmp.Or(cmp.Compare(b.created, a.created), cmp.Compare(b.id, a.id)) })
	ids := []string{}
	for _, s := range found {
		ids = append(ids, s.id)
	}
	return ids
}

func (s *shelf) has(text string) bool {
	for term := range strings.FieldsSeq(text) {
		found := s.words[term]
		for word := range s.words {
			found = found || len(term) > 2 && strings.HasPrefix(word, term)
		}
		if !found {
			return text == s.id
		}
	}
	return true
}

// ask searches page by page.
func (l *library) ask(q store.SessionQuery) []string {
	l.t.Helper()
	ids := []string{}
	for more := true; more; more = q.After != nil {
		page, err := l.Sessions(l.t.Context(), "p", q)
		if err != nil {
			l.t.Fatal(err)
		}
		for _, s := range page.Sessions {
			ids = append(ids, s.ID)
		}
		if q.After = page.Next; len(page.Sessions) == 0 && q.After != nil {
			l.t.Fatal("an empty page is followed by another")
		}
	}
	return ids
}

// check asks for n random texts, whatever way they are answered.
func (l *library) check(n int) (hits int) {
	l.t.Helper()
	for range n {
		text := strings.Join([]string{l.word(), l.word(), l.word()}[:1+l.random.IntN(3)], " ")
		if l.random.IntN(4) == 0 {
			text = text[:1+l.random.IntN(len(text))]
		}
		q := store.SessionQuery{Text: text, Limit: 3 + l.random.IntN(60)}
		since := int64(0)
		if l.random.IntN(3) == 0 {
			q.Agent = fmt.Sprint("agent", l.random.IntN(3))
		}
		if l.random.IntN(3) == 0 {
			since = int64(l.random.IntN(30))
			q.Since = time.Unix(since, 0)
		}
		want := l.find(strings.TrimSpace(text), q.Agent, since)
		for _, few := range []int{0, 1000} {
			l.SetLookUpMost(few)
			if got := l.ask(q); !slices.Equal(got, want) {
				l.t.Fatalf("%d events, %+v, looked up to %d: got %v, want %v", l.events, q, few, got, want)
			}
		}
		hits += len(want)
	}
	return hits
}

// TestSearchAgreesWithReading compares both ways of answering with reading everything, while segments are written and merged.
func TestSearchAgreesWithReading(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	l := newLibrary(t, seed)
	hits := 0
	for range 4 {
		l.fill(25)
		hits += l.check(15)
	}
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if hits += l.check(15); hits < 100 || t.Failed() {
		t.Errorf("%d hits", hits)
	}
}

func TestSegmentsAreMerged(t *testing.T) {
	l := newLibrary(t, 9)
	for range 70 {
		l.fill(1)
	}
	if err := l.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, blocks, err := l.Segments(t.Context())
	if err != nil || n > 21 || n < 2 || blocks < n {
		t.Errorf("%d segments of %d blocks (%v) are left of seventy", n, blocks, err)
	}
	if count(t, l.file, `SELECT count(*) FROM search_blocks`) != blocks {
		t.Error("blocks without a segment are left")
	}
	l.check(10)
}

// TestLargeSegmentsAreMerged has words enough for many blocks a segment.
func TestLargeSegmentsAreMerged(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	for i := range 8 {
		batch := store.Batch{Project: "p", ReceivedAt: time.Unix(5, 0)}
		for j := range 20 {
			e := store.Event{ID: fmt.Sprint("e", i, "-", j), SessionID: fmt.Sprint("s", j), Type: types.EventStep, Timestamp: time.Unix(1, 0)}
			var text strings.Builder
			for k := range 200 {
				fmt.Fprintf(&text, "w%dx%d common%d ", i, j*200+k, k)
			}
			e.Raw = fmt.Appendf(nil, `{"text":%q}`, text.String())
			batch.Events = append(batch.Events, e)
		}
		if _, err := s.Ingest(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if err := s.WaitIndexed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, blocks, err := s.Segments(t.Context()); err != nil || n != 1 || blocks < 20 {
		t.Errorf("%d segments of %d blocks (%v)", n, blocks, err)
	}
	for i := range 8 {
		for _, j := range []int{0, 7, 19} {
			for text, want := range map[string]int{fmt.Sprintf("w%dx%d", i, j*200+199): 1, fmt.Sprintf("w%dx%d common0", i, j*200+199): 1, "common199 common7": 20} {
				page, err := s.Sessions(t.Context(), "p", store.SessionQuery{Text: text, Limit: 100})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(page.Sessions, func(s store.Session) bool { return s.ID == fmt.Sprint("s", j) }) || len(page.Sessions) < want {
					t.Errorf("%q: found %d sessions", text, len(page.Sessions))
				}
			}
		}
	}
}

// TestSearchFollowsIndexes holds each way of answering to its index.
func TestSearchFollowsIndexes(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	after := &store.SessionKey{CreatedAt: time.Unix(1, 0), ID: "x"}
	plans, err := s.PlanSearch(t.Context(), "p", store.SessionQuery{After: after, Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"SEARCH s USING INTEGER PRIMARY KEY",
		"SEARCH s USING COVERING INDEX sessions_by_time (project=? AND (created_at,id)<(?,?))",
		"SEARCH search_blocks USING COVERING INDEX search_blocks_by_word (segment=? AND first<?)",
	} {
		if !strings.Contains(plans[i], want) || strings.Contains(plans[i], "SCAN s") || i > 0 && strings.Contains(plans[i], "TEMP B-TREE") {
			t.Errorf("want %s, plan:\n%s", want, plans[i])
		}
	}
}

// TestNoSearchForgetsTheWords: a store that does not keep the index up would leave the words of what is deleted in it.
func TestNoSearchForgetsTheWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	tell(t, s, "s1", "jzxsecretone shared")
	tell(t, s, "s2", "kzxother shared")
	waitIndexed(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	plain := open(t, file, sqlite.WithoutSearch())
	if _, err := plain.EraseSession(t.Context(), "p", "s1", time.Unix(3, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := plain.Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	wantInFiles(t, file, "jzxsecretone", false)
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, file)
	waitIndexed(t, again)
	wantFound(t, again, "shared", "s2")
}

func TestWithoutSearch(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), sqlite.WithoutSearch())
	start := store.Event{
		ID: "e1", SessionID: "s1", Type: types.EventSessionStart, Timestamp: time.Unix(1, 0), Raw: []byte(`{"name":"Did 100%_well","input":"unseen"}`),
		Change: &store.Change{Name: "Did 100%_well", AgentName: "support"},
	}
	if _, err := s.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{start}}); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"upp WELL": 1, "100%_": 1, "100_%": 0, "s1": 1, "unseen": 0, "\x00": 0} {
		page, err := s.Sessions(t.Context(), "p", store.SessionQuery{Text: text, Limit: 5})
		if err != nil || len(page.Sessions) != want {
			t.Errorf("%q: %d sessions (%v), want %d", text, len(page.Sessions), err, want)
		}
	}
	if err := s.WaitIndexed(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := s.Unindexed(t.Context()); n != 0 || err != nil {
		t.Errorf("%d are not indexed (%v)", n, err)
	}
}
