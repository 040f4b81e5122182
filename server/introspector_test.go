package server_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// TestS2ARevokedTokenIsRefusedWithinASecond: an answer is remembered for half a second, counted from before it was asked for; an active one never beyond its end.
func TestS2ARevokedTokenIsRefusedWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		var revoked bool
		i := server.NewIntrospector(func(context.Context, string) (*store.Key, error) {
			asked++
			if time.Sleep(100 * time.Millisecond); revoked {
				return nil, nil
			}
			return &store.Key{ID: "idp:a"}, nil
		})
		match := func() bool {
			key, err := i.Match(t.Context(), "token", time.Now())
			return key != nil && err == nil
		}
		for range 10 {
			same(t, "good", match(), true)
		}
		same(t, "questions", asked, 1)
		revoked = true
		time.Sleep(399 * time.Millisecond)
		same(t, "remembered", match(), true)
		time.Sleep(time.Millisecond)
		same(t, "revoked", match(), false)
		revoked = false
		same(t, "remembered as not good", match(), false)
		time.Sleep(500 * time.Millisecond)
		same(t, "good again", match(), true)
		same(t, "questions", asked, 3)
	})
}

// TestS2ATokenEndsWithItsTime: whatever is remembered.
func TestS2ATokenEndsWithItsTime(t *testing.T) {
	i := server.NewIntrospector(func(context.Context, string) (*store.Key, error) { return &store.Key{ExpiresAt: noon}, nil })
	for at, good := range map[time.Duration]bool{-time.Second: true, 0: false, time.Hour: false} {
		key, err := i.Match(t.Context(), "token", noon.Add(at))
		if err != nil || (key != nil) != good {
			t.Errorf("at %v: %v, %v", at, key, err)
		}
	}
}

// A hundred requests with one token are one question, and the one that asked may go away.
func TestOneQuestionForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		i := server.NewIntrospector(func(ctx context.Context, _ string) (*store.Key, error) {
			asked.Add(1)
			time.Sleep(time.Second)
			return &store.Key{ID: "idp:a"}, ctx.Err()
		})
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = i.Match(first, "token", noon) })
		synctest.Wait()
		for range 99 {
			wg.Go(func() {
				if key, err := i.Match(t.Context(), "token", noon); key == nil || err != nil {
					t.Errorf("%v, %v", key, err)
				}
			})
		}
		hasty, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer stop()
		if key, err := i.Match(hasty, "token", noon); key != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("one that cannot wait: %v, %v", key, err)
		}
		cancel()
		wg.Wait()
		same(t, "questions", asked.Load(), 1)
	})
}

// A failure is no answer: the next request asks again.
func TestFailuresAreNotRemembered(t *testing.T) {
	asked := 0
	i := server.NewIntrospector(func(context.Context, string) (*store.Key, error) {
		if asked++; asked == 1 {
			return nil, errors.New("down")
		}
		return &store.Key{}, nil
	})
	if key, err := i.Match(t.Context(), "token", noon); key != nil || err == nil {
		t.Errorf("down: %v, %v", key, err)
	}
	if key, err := i.Match(t.Context(), "token", noon); key == nil || err != nil {
		t.Errorf("up again: %v, %v", key, err)
	}
}

// TestS2GuessingTokensIsBounded: in memory, which keeps the good ones, and in questions that are under way.
func TestS2GuessingTokensIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under, most, good atomic.Int64
		i := server.NewIntrospector(func(_ context.Context, text string) (*store.Key, error) {
			if n := under.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer under.Add(-1)
			if text == "good" {
				good.Add(1)
				return &store.Key{}, nil
			}
			time.Sleep(time.Millisecond)
			return nil, nil
		})
		_, _ = i.Match(t.Context(), "good", noon)
		var wg sync.WaitGroup
		for g := range 100 {
			wg.Go(func() {
				for n := range 50 {
					_, _ = i.Match(t.Context(), strconv.Itoa(g*1000+n), noon)
				}
			})
		}
		wg.Wait()
		if key, err := i.Match(t.Context(), "good", noon); key == nil || err != nil {
			t.Errorf("the good one: %v, %v", key, err)
		}
		same(t, "questions about the good one", good.Load(), 1)
		active, others := i.Kept()
		if active != 1 || others > server.RingSize || most.Load() > server.MostIntrospected {
			t.Errorf("%d and %d answers are kept, %d questions at once", active, others, most.Load())
		}
	})
}

// TestS2GuessesDoNotKeepKnownTokensOut: invented ones take all places of an endpoint that hangs, and one that was good before is asked about all the same.
func TestS2GuessesDoNotKeepKnownTokensOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var revoked, ill atomic.Bool
		i := server.NewIntrospector(func(ctx context.Context, text string) (*store.Key, error) {
			switch {
			case text != "good":
				<-ctx.Done()
				return nil, ctx.Err()
			case ill.Load():
				return nil, errors.New("ill")
			case revoked.Load():
				return nil, nil
			}
			return &store.Key{ID: "idp:a"}, nil
		})
		good := func() bool {
			began := time.Now()
			key, _ := i.Match(t.Context(), "good", noon)
			return key != nil && time.Since(began) == 0
		}
		same(t, "at first", good(), true)
		var wg sync.WaitGroup
		for n := range 3 * server.MostIntrospected {
			wg.Go(func() { _, _ = i.Match(t.Context(), strconv.Itoa(n), noon) })
		}
		time.Sleep(600 * time.Millisecond)
		same(t, "asked about again", good(), true)
		ill.Store(true)
		time.Sleep(600 * time.Millisecond)
		same(t, "nobody can say", good(), false)
		ill.Store(false)
		same(t, "after a failure", good(), true)
		revoked.Store(true)
		time.Sleep(600 * time.Millisecond)
		same(t, "revoked", good(), false)
		wg.Wait()
		active, _ := i.Kept()
		same(t, "known", active, 0)
	})
}

// TestS2WhoAskedTooOften: nothing new is asked about for them; a token that is known goes on.
func TestS2WhoAskedTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		i := server.NewIntrospector(func(context.Context, string) (*store.Key, error) {
			asked++
			return &store.Key{}, nil
		})
		for n, c := range []struct {
			text  string
			spent bool
			good  bool
			asked int
		}{{"a", false, true, 1}, {"b", true, false, 1}, {"a", true, true, 2}, {"b", false, true, 3}} {
			i.Spent = c.spent
			key, err := i.Match(t.Context(), c.text, noon)
			if (err == nil) != c.good || (key != nil) != c.good || asked != c.asked {
				t.Errorf("%d: %v, %v, asked %d times", n, key, err, asked)
			}
			time.Sleep(time.Second)
		}
	})
}

// One that finds no turn in time is told to come again, and not that its token is bad.
func TestAnEndpointThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := server.NewIntrospector(func(ctx context.Context, _ string) (*store.Key, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		began := time.Now()
		var wg sync.WaitGroup
		for n := range 3 * server.MostIntrospected {
			wg.Go(func() {
				if key, err := i.Match(t.Context(), strconv.Itoa(n), noon); key != nil || err == nil {
					t.Errorf("%v, %v", key, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
