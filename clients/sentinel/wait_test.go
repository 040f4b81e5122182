package sentinel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func uploaded(t *testing.T, client *sentinel.Client) string {
	t.Helper()
	doc, err := client.Documents.Upload(t.Context(), "a.txt", strings.NewReader("content"))
	noError(t, err)
	return doc.ID
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithSteps(5))
		client := clientOf(t, platform)
		id := uploaded(t, client)
		var seen []string
		began := time.Now()
		p, err := client.Documents.Wait(t.Context(), id, sentinel.OnProgress(func(p *sentinel.Progress) {
			seen = append(seen, fmt.Sprintf("%s %.0f", p.State, *p.Percent))
		}))
		noError(t, err)
		if p.State != sentinel.StateCompleted || *p.Percent != 100 || p.DocumentID != id {
			t.Errorf("got %+v", p)
		}
		if want := []string{"queued 0", "processing 25", "processing 50", "processing 75", "completed 100"}; !slices.Equal(seen, want) {
			t.Errorf("saw %v", seen)
		}
		if took := time.Since(began); took != 8125*time.Millisecond {
			t.Errorf("it took %v, want 1 s + 1.5 s + 2.25 s + 3.375 s", took)
		}
	})
}

func TestWaitPollsNoSlowerThanItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithSteps(5))
		client := clientOf(t, platform)
		id, began := uploaded(t, client), time.Now()
		_, err := client.Documents.Wait(t.Context(), id, sentinel.PollEvery(2*time.Second, 3*time.Second))
		noError(t, err)
		if took := time.Since(began); took != 11*time.Second {
			t.Errorf("it took %v, want 2 s + 3 s + 3 s + 3 s", took)
		}
	})
}

func TestWaitHonoursRetryAfterOfASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n++
			w.Header().Set("Retry-After", "30")
			jsonReply([]string{"", `{"status": "running"}`, `{"status": "done"}`}[n])(w, r)
		}))
		began := time.Now()
		_, err := client.Documents.Wait(t.Context(), "d")
		noError(t, err)
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestWaitForADocumentThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		client := clientOf(t, platform)
		id := uploaded(t, client)
		platform.FailProcessing(id, "the file is encrypted")
		p, err := client.Documents.Wait(t.Context(), id)
		failed := wantAs[*sentinel.ProcessingError](t, err)
		if failed.DocumentID != id || failed.State != sentinel.StateFailed || failed.Reason != "the file is encrypted" || !errors.Is(err, sentinel.ErrProcessingFailed) {
			t.Errorf("got %+v", failed)
		}
		if p == nil || !p.State.Failed() || !p.State.Final() {
			t.Errorf("the progress is %+v", p)
		}
		if got, err := client.Documents.Get(t.Context(), id); err != nil || got.Reason != "the file is encrypted" {
			t.Errorf("Get gave %+v, %v", got, err)
		}
	})
}

func TestWaitEndsWithTheContext(t *testing.T) {
	for name, fault := range map[string]*sentineltest.Fault{"between questions": nil, "during one": {Delay: 700 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				platform := inMemory(t, sentineltest.WithSteps(1000))
				client := clientOf(t, platform)
				id := uploaded(t, client)
				platform.InjectFunc(func(*http.Request) *sentineltest.Fault { return fault })
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
				defer cancel()
				began := time.Now()
				p, err := client.Documents.Wait(ctx, id)
				if !errors.Is(err, context.DeadlineExceeded) || p == nil || p.State != sentinel.StateProcessing || !strings.Contains(err.Error(), "still processing") {
					t.Errorf("got %+v and %v", p, err)
				}
				if took := time.Since(began); took != 100*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestWaitForAnUnknownDocument(t *testing.T) {
	_, client := started(t)
	p, err := client.Documents.Wait(t.Context(), "doc_9")
	if !errors.Is(err, sentinel.ErrNotFound) || p != nil {
		t.Errorf("got %+v and %v", p, err)
	}
}

func TestWaitGoesOnAtAStateThatItDoesNotKnow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n++
			jsonReply([]string{"", `{"status": "dreaming"}`, `{"status": "ready"}`}[n])(w, r)
		}))
		p, err := client.Documents.Wait(t.Context(), "d")
		noError(t, err)
		if p.State != sentinel.StateCompleted || n != 2 {
			t.Errorf("got %+v after %d questions", p, n)
		}
	})
}
