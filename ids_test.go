package sentrial_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var uuidV7 = regexp.MustCompile(`^(evt|sess)_([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestIDsAreUUIDv7(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		_, session := rec.Client().CreateSession(t.Context(), "s")
		for _, id := range []string{session.ID(), session.TrackStep(t.Context(), types.Step{Name: "x"})} {
			if !uuidV7.MatchString(id) || !types.ValidID(id) {
				t.Errorf("id %q, want a prefix and a UUIDv7", id)
			}
			parts := uuidV7.FindStringSubmatch(id)
			if want := time.Now().UnixMilli(); len(parts) == 4 && parts[2]+parts[3] != hex48(want) {
				t.Errorf("id %q is of the time %s%s, want %s", id, parts[2], parts[3], hex48(want))
			}
		}
	})
}

func hex48(n int64) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 12)
	for i := range text {
		text[i] = digits[n>>(44-4*i)&15]
	}
	return string(text)
}

func TestIDsOfLaterTimesSortLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := sentrialtest.New(t).Client().Session("s")
		var ids []string
		for range 100 {
			ids = append(ids, session.TrackStep(t.Context(), types.Step{Name: "x"}))
			time.Sleep(time.Millisecond)
		}
		if !slices.IsSorted(ids) {
			t.Errorf("ids do not sort by time: %q", ids)
		}
	})
}

// TestIDsAreUniqueAndStay: their memory is shared, their text is not.
func TestIDsAreUniqueAndStay(t *testing.T) {
	var mu sync.Mutex
	all, copies := map[string]bool{}, []string{}
	var wg sync.WaitGroup
	client := newClient(t, &wire{}, sentrial.WithFlushInterval(time.Hour))
	for range 8 {
		wg.Go(func() {
			for range 500 {
				id := client.Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
				mu.Lock()
				all[id], copies = true, append(copies, strings.Clone(id))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(all) != 4000 {
		t.Errorf("%d different ids of 4000 events", len(all))
	}
	for _, id := range copies {
		if !all[id] {
			t.Fatalf("the id %q changed after it was given", id)
		}
	}
}
