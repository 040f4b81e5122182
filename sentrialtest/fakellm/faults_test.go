package fakellm_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

const (
	chatPath  = "/v1/chat/completions"
	chatBody  = `{"model":"m","messages":[{"role":"user","content":"hi"}]}`
	chatAsked = `{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}`
)

// start gives a server that is closed at the end, when nothing of it may be left.
func start(t *testing.T, brain fakellm.Brain) *fakellm.Server {
	leaktest.Check(t)
	s, err := fakellm.Start(fakellm.WithBrain(brain))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// reply is what a client sees first, and what is left to read.
type reply struct {
	status int
	rest   io.Reader
}

func post(ctx context.Context, t *testing.T, s *fakellm.Server, body string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+chatPath, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return reply{res.StatusCode, res.Body}
}

// firstPiece reads a stream until a line has the text.
func firstPiece(t *testing.T, body io.Reader, text string) *bufio.Reader {
	t.Helper()
	lines := bufio.NewReader(body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended before %q: %v", text, err)
		}
		if strings.Contains(line, text) {
			return lines
		}
	}
}

// A gate holds back all that follows the first piece of a stream, and all of another reply.
func TestGate(t *testing.T) {
	for body, early := range map[string]string{chatBody: "", chatAsked: `"one"`} {
		synctest.Test(t, func(t *testing.T) {
			gate, w := make(chan struct{}), httptest.NewRecorder()
			api := fakellm.Handler(func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "one two", Gate: gate} })
			go api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, chatPath, strings.NewReader(body)))
			synctest.Wait()
			if got := w.Body.String(); !strings.Contains(got, early) || strings.Contains(got, " two") || early == "" && got != "" {
				t.Errorf("before the gate opened came %q, want %q", got, early)
			}
			close(gate)
			synctest.Wait()
			if got := w.Body.String(); !strings.Contains(got, " two") {
				t.Errorf("after the gate opened came %q", got)
			}
		})
	}
}

// A stream that hangs ends when its client goes away, or when the server closes.
func TestHang(t *testing.T) {
	s := start(t, func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "one two", Hang: true} })
	ctx, cancel := context.WithCancel(t.Context())
	gone := firstPiece(t, post(ctx, t, s, chatAsked).rest, `"one"`)
	cancel()
	if _, err := io.ReadAll(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("the client that went away got %v", err)
	}
	cut := firstPiece(t, post(t.Context(), t, s, chatAsked).rest, `"one"`)
	s.Close()
	if _, err := io.ReadAll(cut); err == nil {
		t.Error("the stream of a server that was closed ended well")
	}
}

// A connection that is cut gives what came before, and an error.
func TestCut(t *testing.T) {
	for _, body := range []string{chatBody, chatAsked} {
		s := start(t, func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "one two", Cut: true} })
		got, err := io.ReadAll(post(t.Context(), t, s, body).rest)
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(got) == 0 || bytes.Contains(got, []byte("usage")) || bytes.Contains(got, []byte(" two\"}")) {
			t.Errorf("got %q, %v", got, err)
		}
	}
}

// An error without a status breaks a stream off after its first piece, as the provider does.
func TestErrorInStream(t *testing.T) {
	for _, wire := range wires {
		url, want := wire.stream, "Overloaded."
		if url == "" {
			url = wire.whole
		}
		brain := func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "one two", Error: want} }
		got := exchange(t, brain, url, strings.Replace(wire.body, "%s", "true", 1))
		if !strings.HasPrefix(got, "200\n") || !strings.Contains(got, want) || !strings.Contains(got, `"one"`) || strings.Contains(got, `" two"`) {
			t.Errorf("%s: got\n%s", wire.name, got)
		}
		golden(t, "broken."+wire.name, got)
		if got = exchange(t, brain, wire.whole, strings.Replace(wire.body, "%s", "false", 1)); !strings.HasPrefix(got, "500\n") {
			t.Errorf("%s: without a stream got\n%s", wire.name, got)
		}
	}
}

// An answer that says nothing has no first piece, and its faults all the same.
func TestFaultsOfAnEmptyAnswer(t *testing.T) {
	s := start(t, func(req fakellm.Request) fakellm.Reply {
		if req.Attempt == 1 {
			return fakellm.Reply{Error: "overloaded"}
		}
		return fakellm.Reply{Cut: true}
	})
	if body, err := io.ReadAll(post(t.Context(), t, s, chatAsked).rest); err != nil || !strings.Contains(string(body), "overloaded") || strings.Contains(string(body), "[DONE]") {
		t.Errorf("got %q, %v, want a stream that breaks off with the error", body, err)
	}
	if body, err := io.ReadAll(post(t.Context(), t, s, chatAsked).rest); err == nil {
		t.Errorf("got %q, want a connection that ended", body)
	}
}

// The same body counts as another attempt, another one does not.
func TestAttempts(t *testing.T) {
	s := start(t, func(req fakellm.Request) fakellm.Reply {
		if req.Attempt == 1 {
			return fakellm.Reply{Status: http.StatusServiceUnavailable, Error: "Overloaded."}
		}
		return fakellm.Reply{Text: "Yes."}
	})
	for i, want := range []int{503, 200, 200} {
		if got := post(t.Context(), t, s, chatBody).status; got != want {
			t.Errorf("attempt %d had the status %d, want %d", i+1, got, want)
		}
	}
	if got := post(t.Context(), t, s, chatAsked).status; got != 503 {
		t.Errorf("another body had the status %d, want 503", got)
	}
	if got := len(s.Requests()); got != 4 {
		t.Errorf("%d requests were kept, want 4", got)
	}
}

// writes keeps what is written at a time.
type writes struct {
	*httptest.ResponseRecorder

	list [][]byte
}

func (w *writes) Write(b []byte) (int, error) {
	w.list = append(w.list, bytes.Clone(b))
	return w.ResponseRecorder.Write(b)
}

// Characters of several bytes are cut by the writes of a stream, never by its pieces.
func TestCharactersCut(t *testing.T) {
	for _, wire := range wires {
		url := wire.stream
		if url == "" {
			url = wire.whole
		}
		body := strings.NewReader(strings.Replace(wire.body, "%s", "true", 1))
		w := &writes{ResponseRecorder: httptest.NewRecorder()}
		fakellm.Handler(func(fakellm.Request) fakellm.Reply { return fakellm.Reply{Text: "ü☕", Pieces: 2} }).
			ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, url, body))
		cut := 0
		for _, b := range w.list {
			if !utf8.Valid(b) {
				cut++
			}
		}
		if cut < 4 || !utf8.Valid(w.Body.Bytes()) || !bytes.Contains(w.Body.Bytes(), []byte(`"ü"`)) {
			t.Errorf("%s: %d writes end or begin inside a character, want at least 4: %q", wire.name, cut, w.list)
		}
	}
}

// Without stream_options a stream of chat completions has no usage.
func TestUsageUnasked(t *testing.T) {
	got := exchange(t, plainly, chatPath, chatAsked)
	if strings.Contains(got, `"usage"`) || !strings.Contains(got, `"Yes."`) {
		t.Errorf("got\n%s", got)
	}
}

// Close waits for a brain that is at work.
func TestCloseWaits(t *testing.T) {
	asked, closed := make(chan struct{}), make(chan struct{})
	gone := make(chan struct{})
	s := start(t, func(fakellm.Request) fakellm.Reply {
		close(asked)
		<-gone // the connection was ended, so Close has begun
		select {
		case <-closed:
			t.Error("Close did not wait")
		default:
		}
		return fakellm.Reply{}
	})
	go func() {
		res, err := http.Post(s.URL()+chatPath, "application/json", strings.NewReader(chatBody))
		if err == nil {
			_ = res.Body.Close()
			t.Error("there was an answer")
		}
		close(gone)
	}()
	<-asked
	s.Close()
	close(closed)
}

// Close waits for nobody when there is nobody, twice too.
func TestCloseTwice(t *testing.T) {
	s := start(t, plainly)
	s.Close()
	s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
		t.Error("a closed server answers")
	}
}
