package sentrial_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// script is a server that answers as a test says: one step a request, then rest, which accepts when it is nil.
type script struct {
	t     testing.TB
	steps []step
	rest  step

	mu       sync.Mutex
	seen     []*sent
	underway int
}

// step answers one request.
type step func(*sent) (*http.Response, error)

// sent is a request as it arrived.
type sent struct {
	*http.Request
	at     time.Time
	json   string // the body without its encoding
	sentAt string
	events []string // as they came, byte for byte
	ids    []string
}

func newScript(t testing.TB, steps ...step) *script { return &script{t: t, steps: steps} }

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	request := s.read(r)
	s.mu.Lock()
	s.seen = append(s.seen, request)
	answer := s.rest
	if n := len(s.seen); n <= len(s.steps) {
		answer = s.steps[n-1]
	}
	if s.underway++; s.underway > 8 {
		s.t.Errorf("%d requests at once", s.underway)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.underway--
		s.mu.Unlock()
	}()
	if answer == nil {
		answer = accept
	}
	return answer(request)
}

func (s *script) read(r *http.Request) *sent {
	raw, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil || r.ContentLength != int64(len(raw)) {
		s.t.Errorf("reading the body: %v; %d bytes, announced %d", err, len(raw), r.ContentLength)
	}
	body, err := decodedBody(r.Header.Get("Content-Encoding"), raw)
	if err != nil {
		s.t.Errorf("decoding the body: %v", err)
	}
	var batch struct {
		SentAt string            `json:"sent_at"`
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		s.t.Errorf("the body is no JSON: %v", err)
	}
	request := &sent{Request: r, at: time.Now(), json: string(body), sentAt: batch.SentAt}
	for _, e := range batch.Events {
		var event struct{ ID string }
		if err := json.Unmarshal(e, &event); err != nil {
			s.t.Error(err)
		}
		request.events, request.ids = append(request.events, string(e)), append(request.ids, event.ID)
	}
	return request
}

func decodedBody(encoding string, raw []byte) ([]byte, error) {
	var r io.Reader = bytes.NewReader(raw)
	switch encoding {
	case "":
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	default:
		return nil, fmt.Errorf("unknown encoding %q", encoding)
	}
	return io.ReadAll(r)
}

// requests are all that came so far.
func (s *script) requests() []*sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*sent(nil), s.seen...)
}

func (s *sent) key() string { return s.Header.Get("Idempotency-Key") }

func reply(r *sent, status int, body string, headers ...string) *http.Response {
	response := jsonReply(r.Request, status, body)
	for i := 0; i < len(headers); i += 2 {
		response.Header.Set(headers[i], headers[i+1])
	}
	return response
}

// accept takes all events.
func accept(r *sent) (*http.Response, error) { return accepted(r), nil }

func accepted(r *sent, headers ...string) *http.Response {
	return reply(r, http.StatusOK, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[]}`, len(r.ids)), headers...)
}

// status answers with an error; headers are names and values.
func status(code int, headers ...string) step {
	return func(r *sent) (*http.Response, error) {
		return reply(r, code, fmt.Sprintf(`{"error":{"code":"code_%d","message":"message %d","request_id":"req_1"}}`, code, code), headers...), nil
	}
}

var errNetwork = errors.New("connection refused")

func unreachable(*sent) (*http.Response, error) { return nil, errNetwork }

// hang answers when the client has given up.
func hang(r *sent) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// answers is a step that answers 200 with this body.
func answers(body string) step {
	return func(r *sent) (*http.Response, error) { return reply(r, http.StatusOK, body), nil }
}

// record records n events and gives their ids. large makes each of them several KiB, so that few fill a batch.
func record(t testing.TB, client *sentrial.Client, n int) (ids []string) {
	t.Helper()
	session := client.Session("s")
	for range n {
		id := session.TrackStep(t.Context(), types.Step{Name: "step", Input: strings.Repeat("in ", 10)})
		if id == "" {
			t.Fatal("an event was not accepted")
		}
		ids = append(ids, id)
	}
	return ids
}

// flush must succeed.
func flush(t testing.TB, client *sentrial.Client) {
	t.Helper()
	if err := client.Flush(t.Context()); err != nil {
		t.Errorf("Flush: %v", err)
	}
}

// checkStats compares the counters, and holds them against the law.
func checkStats(t testing.TB, client *sentrial.Client, delivered, queued int, dropped map[sentrial.DropReason]int) {
	t.Helper()
	s := client.Stats()
	if err := lawOf(s); err != nil {
		t.Error(err)
	}
	got := map[sentrial.DropReason]int{}
	for reason, n := range s.Dropped {
		got[reason] = int(n)
	}
	if int(s.Delivered) != delivered || int(s.Queued) != queued || fmt.Sprint(got) != fmt.Sprint(dropped) {
		t.Errorf("delivered %d, queued %d, dropped %v; want %d, %d, %v", s.Delivered, s.Queued, got, delivered, queued, dropped)
	}
}

var nothing = map[sentrial.DropReason]int{}

// slowDial fails as a dial does that nobody answers.
func slowDial(r *sent) (*http.Response, error) {
	<-r.Context().Done()
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: r.Context().Err()}
}
