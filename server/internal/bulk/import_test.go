package bulk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/bulk"
)

// target takes batches as its function says, and keeps them.
type target struct {
	answer  func(body string, n int) (apiclient.Receipt, error) // nil = all are accepted
	batches []string
}

func (s *target) PostEvents(_ context.Context, body []byte, n int) (apiclient.Receipt, error) {
	s.batches = append(s.batches, string(body))
	if s.answer == nil {
		return apiclient.Receipt{Accepted: n}, nil
	}
	return s.answer(string(body), n)
}

// watcher notes what it hears.
type watcher struct {
	last  bulk.Summary
	waits []time.Duration
}

func (w *watcher) Progress(sum bulk.Summary)            { w.last = sum }
func (w *watcher) Waiting(_ error, delay time.Duration) { w.waits = append(w.waits, delay) }

// events are n lines, numbered from 1.
func events(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{\"id\":\"e%d\"}\n", i+1)
	}
	return b.String()
}

func TestBatchesAreLargeAndInOrder(t *testing.T) {
	var to target
	var watch watcher
	sum, err := bulk.Import(t.Context(), strings.NewReader(events(2500)), &to, &watch)
	if err != nil || sum.Accepted != 2500 || sum.Last != "line:2500" || !reflect.DeepEqual(watch.last, sum) {
		t.Fatalf("sum = %+v, %v", sum, err)
	}
	next := 1
	for i, body := range to.batches {
		var sent struct{ Events []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatal(err)
		}
		for _, e := range sent.Events {
			if e.ID != fmt.Sprintf("e%d", next) {
				t.Fatalf("batch %d has %s where e%d was expected", i, e.ID, next)
			}
			next++
		}
	}
	if len(to.batches) != 3 || next != 2501 {
		t.Errorf("%d batches, %d events", len(to.batches), next-1)
	}
}

func TestABatchIsBoundedInBytes(t *testing.T) {
	var to target
	event := `{"id":"` + strings.Repeat("x", 1<<20) + `"}` + "\n"
	if _, err := bulk.Import(t.Context(), strings.NewReader(strings.Repeat(event, 10)), &to, &watcher{}); err != nil {
		t.Fatal(err)
	}
	for _, body := range to.batches {
		if len(body) > 4<<20+100 {
			t.Errorf("a batch of %d bytes", len(body))
		}
	}
	if len(to.batches) != 4 {
		t.Errorf("%d batches", len(to.batches))
	}
}

func TestABatchHasOneClient(t *testing.T) {
	var to target
	text := `{"id":"1","client_id":"a"}` + "\n" + `{"id":"2","client_id":"a"}` + "\nbad\n" + `{"id":"3"}` + "\n" + `{"id":"4","client_id":"b"}` + "\n"
	sum, err := bulk.Import(t.Context(), strings.NewReader(text), &to, &watcher{})
	want := []string{
		`{"client":{"id":"a"},"events":[{"id":"1","client_id":"a"},{"id":"2","client_id":"a"}]}`,
		`{"events":[{"id":"3"}]}`,
		`{"client":{"id":"b"},"events":[{"id":"4","client_id":"b"}]}`,
	}
	if err != nil || !reflect.DeepEqual(to.batches, want) || sum.Rejected != 1 || sum.Reasons[0].At != "line:3" {
		t.Errorf("sum = %+v, %v, batches %q", sum, err, to.batches)
	}
}

func TestRejectedEventsAreNamedByTheirLine(t *testing.T) {
	to := target{answer: func(_ string, n int) (apiclient.Receipt, error) {
		return apiclient.Receipt{Accepted: n - 4, Duplicates: 1, Rejected: []apiclient.Rejection{
			{ID: "e2", Code: "validation_error", Message: "first"}, {ID: "#3", Code: "too_large", Message: "second"}, {ID: "e2", Message: "third"},
		}}, nil
	}}
	text := "\n" + events(3) + "{}\n" + events(2)
	sum, err := bulk.Import(t.Context(), strings.NewReader(text), &to, &watcher{})
	want := bulk.Summary{Accepted: 2, Duplicates: 1, Rejected: 3, Last: "line:7", Reasons: []bulk.Reason{
		{At: "line:3", ID: "e2", Code: "validation_error", Message: "first"},
		{At: "line:5", Code: "too_large", Message: "second"},
		{At: "line:7", ID: "e2", Message: "third"},
	}}
	if err != nil || !reflect.DeepEqual(sum, want) {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}

func TestOnlyTheFirstReasonsAreKept(t *testing.T) {
	sum, err := bulk.Import(t.Context(), strings.NewReader(strings.Repeat("bad\n", 3000)), &target{}, &watcher{})
	if err != nil || sum.Rejected != 3000 || len(sum.Reasons) != 10 || sum.Last != "line:3000" {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}

func TestATargetThatTakesLess(t *testing.T) {
	to := target{}
	to.answer = func(body string, n int) (apiclient.Receipt, error) {
		if n > 2 || strings.Contains(body, `"e5"`) {
			return apiclient.Receipt{}, &apiclient.Error{Status: 413, Code: "payload_too_large", Message: "too large"}
		}
		return apiclient.Receipt{Accepted: n}, nil
	}
	sum, err := bulk.Import(t.Context(), strings.NewReader(events(10)), &to, &watcher{})
	if err != nil || sum.Accepted != 9 || sum.Rejected != 1 || sum.Reasons[0].At != "line:5" || sum.Reasons[0].Code != "payload_too_large" {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}

func TestABusyTargetIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := []error{
			nil,
			&apiclient.Error{Status: 429, RetryAfter: 20 * time.Second},
			&apiclient.UnreachableError{Err: io.ErrUnexpectedEOF},
			&apiclient.Error{Status: 503},
			nil, nil,
		}
		to := target{}
		to.answer = func(_ string, n int) (apiclient.Receipt, error) {
			if err := failures[len(to.batches)-1]; err != nil {
				return apiclient.Receipt{}, err
			}
			return apiclient.Receipt{Accepted: n}, nil
		}
		var watch watcher
		sum, err := bulk.Import(t.Context(), strings.NewReader(events(3000)), &to, &watch)
		if err != nil || sum.Accepted != 3000 || len(to.batches) != 6 || to.batches[1] != to.batches[4] {
			t.Errorf("sum = %+v, %v, %d requests", sum, err, len(to.batches))
		}
		if w := watch.waits; len(w) != 3 || w[0] != 20*time.Second || w[1] < 2*time.Second || w[1] > 3*time.Second || w[2] < 4*time.Second || w[2] > 6*time.Second {
			t.Errorf("waited %v", watch.waits)
		}
	})
}

func TestATargetThatStaysAwayIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := target{}
		to.answer = func(_ string, n int) (apiclient.Receipt, error) {
			if len(to.batches) > 1 {
				return apiclient.Receipt{}, &apiclient.UnreachableError{Err: io.ErrUnexpectedEOF}
			}
			return apiclient.Receipt{Accepted: n}, nil
		}
		begun := time.Now()
		sum, err := bulk.Import(t.Context(), strings.NewReader(events(1500)), &to, &watcher{})
		if err == nil || sum.Accepted != 1000 || !sum.Interrupted || sum.Last != "line:1000" {
			t.Errorf("sum = %+v, %v", sum, err)
		}
		if took := time.Since(begun); took < 9*time.Minute || took > 11*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

func TestATargetThatWasNeverThere(t *testing.T) {
	to := target{answer: func(string, int) (apiclient.Receipt, error) {
		return apiclient.Receipt{}, &apiclient.UnreachableError{Err: io.ErrUnexpectedEOF}
	}}
	sum, err := bulk.Import(t.Context(), strings.NewReader(events(1500)), &to, &watcher{})
	var nobody *apiclient.UnreachableError
	if !errors.As(err, &nobody) || len(to.batches) != 1 || sum.Events() != 0 || sum.Last != "" {
		t.Errorf("sum = %+v, %v, %d requests", sum, err, len(to.batches))
	}
}

func TestWhatIsWrongWithTheRequestsEndsTheImport(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404} {
		to := target{answer: func(string, int) (apiclient.Receipt, error) {
			return apiclient.Receipt{}, &apiclient.Error{Status: status}
		}}
		_, err := bulk.Import(t.Context(), strings.NewReader(events(1500)), &to, &watcher{})
		if api, ok := errors.AsType[*apiclient.Error](err); !ok || api.Status != status || len(to.batches) != 1 {
			t.Errorf("%d: %v after %d requests", status, err, len(to.batches))
		}
	}
}

func TestABrokenFileKeepsWhatCameBefore(t *testing.T) {
	var to target
	sum, err := bulk.Import(t.Context(), strings.NewReader(`{"events":[{"id":"a"},{"id":"b"},{`), &to, &watcher{})
	if err == nil || sum.Accepted != 2 || sum.Last != "event:2" || !sum.Interrupted {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}

func TestNothingButAWaitForInput(t *testing.T) {
	read, write := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, err := bulk.Import(ctx, read, &target{}, &watcher{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Import = %v", err)
	}
	_ = write.Close()
}

func TestAFormIsKnownBeforeTheFileGoesOn(t *testing.T) {
	for _, begin := range []string{"{\"id\":\"a\"}\n", "{\n\"id\"\n", "{\"events\":[{\"id\":\"a\"},", "{ \"client\": { "} {
		read, write := io.Pipe()
		opened := make(chan error, 1)
		go func() {
			file, err := bulk.Open(read)
			if err == nil {
				file.Close()
			}
			opened <- err
		}()
		go func() {
			for i := range len(begin) {
				_, _ = io.WriteString(write, begin[i:i+1]) // a pipe hands over each write alone
			}
		}()
		if err := <-opened; err != nil {
			t.Errorf("%q: %v", begin, err)
		}
		_ = read.Close()
	}
}

func TestAnInterruptedImportDoesNotWaitForTheFile(t *testing.T) {
	read, write := io.Pipe()
	defer func() { _ = write.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	to := target{answer: func(_ string, n int) (apiclient.Receipt, error) {
		cancel()
		return apiclient.Receipt{Accepted: n}, nil
	}}
	go func() { _, _ = io.WriteString(write, events(1500)) }() // and nothing more
	sum, err := bulk.Import(ctx, read, &to, &watcher{})
	if !errors.Is(err, context.Canceled) || sum.Accepted != 1000 || !sum.Interrupted {
		t.Errorf("sum = %+v, %v", sum, err)
	}
}
