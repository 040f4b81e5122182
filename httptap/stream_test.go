package httptap_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// streaming sends what comes through pieces, one at a time, and ends when it is closed.
func streaming(pieces <-chan string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadAll(req.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Trailer", "Sum")
		_ = http.NewResponseController(w).Flush()
		for p := range pieces {
			_, _ = io.WriteString(w, p)
			_ = http.NewResponseController(w).Flush()
		}
		w.Header().Set("Sum", "42")
	})
}

func TestTheFirstPieceArrivesWhileTheSecondIsHeldBack(t *testing.T) {
	r := newRig(t)
	pieces := make(chan string)
	server := httptest.NewServer(streaming(pieces))
	defer server.Close()
	client := &http.Client{Transport: r.transport(server.Client().Transport)}
	res, err := client.Do(request(r.ctx, server.URL+"/v1/chat/completions", asked))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	whole := streamed("Fine, ", "thanks.")
	half := strings.Index(whole, "\n\n") + 2
	pieces <- whole[:half]
	first := make([]byte, half)
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != whole[:half] {
		t.Fatalf("got %q, %v", first, err)
	}
	pieces <- whole[half:]
	close(pieces)
	rest, err := io.ReadAll(res.Body)
	if err != nil || string(rest) != whole[half:] {
		t.Errorf("got %q, %v", rest, err)
	}
	if sum := res.Trailer.Get("Sum"); sum != "42" {
		t.Errorf("want the trailer, got %q", sum)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
	if e.LLMCall.TimeToFirstToken <= 0 || e.LLMCall.TimeToFirstToken > e.Duration {
		t.Errorf("want a time to the first token within %v, got %v", e.Duration, e.LLMCall.TimeToFirstToken)
	}
}

func TestTimesOfAStream(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		pieces := make(chan string)
		server := memhttp.New(t, streaming(pieces))
		go func() {
			defer close(pieces)
			for _, p := range strings.SplitAfter(streamed("Fine, ", "thanks."), "\n\n") {
				time.Sleep(time.Second)
				pieces <- p
			}
		}()
		if _, err := askAt(r.ctx, r.transport(server.Transport()), server.URL()+"/v1/chat/completions", asked); err != nil {
			t.Error(err)
		}
		e := r.theCall(t)
		if e.LLMCall.TimeToFirstToken != time.Second || e.Duration != 5*time.Second { // the fifth is its own end
			t.Errorf("want 1s and 5s, got %v and %v", e.LLMCall.TimeToFirstToken, e.Duration)
		}
		wantUsage(t, e, 10, 4)
	})
}

// However a stream is cut into pieces and lines, the same is heard.
func TestPiecesDoNotMatter(t *testing.T) {
	plain := streamed("Grüße aus ", "東京 ", "😀")
	noisy := strings.ReplaceAll(": ping\n\nevent: completion\nretry: 10\n"+plain, "\n", "\r\n")
	for name, text := range map[string]string{"plain": plain, "CRLF, comments, pings": noisy} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			for seed := range uint64(30) {
				source := rand.New(rand.NewPCG(seed, 1))
				parts := cut(source, text, io.EOF)
				if seed == 0 {
					parts = cutAll(text) // in the middle of every character
				}
				rt := r.transport(answering(func() (*http.Response, error) {
					res := sseReply("")
					res.Body = &pieces{left: parts}
					return res, nil
				}))
				if got, err := ask(r.ctx, rt, fmt.Sprintf(`{"seed":%d}`, seed)); err != nil || got != text {
					t.Fatalf("got %q, %v", got, err)
				}
			}
			calls := callsOf(r.Recorder)
			for _, e := range calls {
				wantCall(t, e, types.StatusSuccess, "Grüße aus 東京 😀")
				wantUsage(t, e, 10, 4)
			}
			if len(calls) != 30 {
				t.Errorf("want 30 calls, got %d", len(calls))
			}
		})
	}
}

func cutAll(text string) (made []piece) {
	for i := range len(text) {
		made = append(made, piece{data: text[i : i+1]})
	}
	return append(made, piece{err: io.EOF})
}

func TestHowAStreamEnds(t *testing.T) {
	whole := streamed("Fine, ", "thanks.")
	half := whole[:strings.Index(whole, "\n\n")+2]
	fault := half + `data: {"error":{"message":"overloaded","type":"server_error"}}` + "\n\n"
	for _, c := range []struct {
		name    string
		text    string
		last    error
		close   bool // after the text, without reading on
		status  types.Status
		said    string
		fault   string
		partial bool
	}{
		{"read to its end", whole, io.EOF, false, types.StatusSuccess, "Fine, thanks.", "", false},
		{"closed after its end", whole, io.EOF, true, types.StatusSuccess, "Fine, thanks.", "", false},
		{"closed before its end", half, io.EOF, true, types.StatusCancelled, "Fine, ", "", true},
		{"closed before anything came", "", io.EOF, true, types.StatusCancelled, "", "", false},
		{"cut", half, io.EOF, false, types.StatusError, "Fine, ", "broke off", false},
		{"broken line", half, errBroken, false, types.StatusError, "Fine, ", errBroken.Error(), false},
		{"an error inside", fault, io.EOF, false, types.StatusError, "Fine, ", "overloaded", false},
		{"closed after an error inside", fault, io.EOF, true, types.StatusError, "Fine, ", "overloaded", false},
		{"malformed", "data: {{{\n\ndata: oh no\n\n", io.EOF, false, types.StatusError, "", "answer", false},
		{"a web page", "<html>captive portal</html>", io.EOF, false, types.StatusError, "", "answer", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			rt := r.transport(answering(func() (*http.Response, error) {
				res := sseReply("")
				res.Body = &pieces{left: []piece{{c.text, nil}, {"", c.last}}}
				return res, nil
			}))
			res, err := rt.RoundTrip(request(r.ctx, chatURL, asked))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(res.Body, make([]byte, len(c.text))); err != nil {
				t.Fatal(err)
			}
			if !c.close {
				_, _ = io.ReadAll(res.Body)
			}
			_ = res.Body.Close()
			e := r.theCall(t)
			wantCall(t, e, c.status, c.said)
			if !strings.Contains(e.LLMCall.Error, c.fault) || c.fault == "" && e.LLMCall.Error != "" {
				t.Errorf("want the error %q, got %q", c.fault, e.LLMCall.Error)
			}
			if (e.Metadata["partial"] == true) != c.partial {
				t.Errorf("want partial %v, got %v", c.partial, e.Metadata)
			}
		})
	}
}

func TestCancelledInMidStream(t *testing.T) {
	r := newRig(t)
	pieces := make(chan string)
	server := httptest.NewServer(streaming(pieces))
	defer server.Close()
	defer close(pieces)
	ctx, cancel := context.WithCancel(r.ctx)
	res, err := r.transport(server.Client().Transport).RoundTrip(request(ctx, server.URL+"/v1/chat/completions", asked))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	whole := streamed("Fine, ", "thanks.")
	pieces <- whole[:strings.Index(whole, "\n\n")+2]
	if _, err := res.Body.Read(make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(res.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("want the context's error, got %v", err)
	}
	e := r.theCall(t)
	wantCall(t, e, types.StatusCancelled, "Fine, ")
	if e.Metadata["partial"] != true {
		t.Errorf("want partial, got %v", e.Metadata)
	}
}

// stuck is a body whose Read waits for its Close, which waits for what becomes of that.
type stuck struct{ closing, read chan struct{} }

func (b stuck) Read([]byte) (int, error) {
	<-b.closing
	return 0, errBroken
}

func (b stuck) Close() error {
	close(b.closing)
	<-b.read
	return nil
}

// A Read that fails because another goroutine closes the body says nothing of the line.
func TestClosedDuringARead(t *testing.T) {
	r := newRig(t)
	body := stuck{make(chan struct{}), make(chan struct{})}
	res, err := r.transport(answering(func() (*http.Response, error) {
		res := sseReply("")
		res.Body = body
		return res, nil
	})).RoundTrip(request(r.ctx, chatURL, asked))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(body.read)
		if _, err := io.ReadAll(res.Body); !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
	}()
	_ = res.Body.Close()
	if e := r.theCall(t); e.Status != types.StatusCancelled {
		t.Errorf("want cancelled, got %s, %q", e.Status, e.LLMCall.Error)
	}
}

// Whoever neither reads on nor closes has walked away when the context ends. Nothing is kept waiting for that.
func TestWalkingAway(t *testing.T) {
	for name, end := range map[string]struct {
		status types.Status
		ctx    func(context.Context) (context.Context, context.CancelFunc)
	}{
		"cancelled": {types.StatusCancelled, context.WithCancel},
		"deadline": {types.StatusError, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Minute)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				ctx, cancel := end.ctx(r.ctx)
				defer cancel()
				before := runtime.NumGoroutine()
				whole := streamed("Fine, ", "thanks.")
				res, err := r.transport(answering(streams(whole))).RoundTrip(request(ctx, chatURL, asked))
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.ReadFull(res.Body, make([]byte, strings.Index(whole, "\n\n")+2))
				synctest.Wait()
				if now := runtime.NumGoroutine(); now > before {
					t.Errorf("%d goroutines wait", now-before)
				}
				if name == "deadline" {
					time.Sleep(time.Minute)
				} else {
					cancel()
				}
				synctest.Wait()
				wantCall(t, r.theCall(t), end.status, "Fine, ")
			})
		})
	}
}

// A program may forget a reply. It is told of when the client closes.
func TestAReplyThatIsForgotten(t *testing.T) {
	r := newRig(t)
	r.Allow(sentrialtest.OpenSpans)
	if _, err := r.transport(answering(streams(streamed("Fine")))).RoundTrip(request(r.ctx, chatURL, asked)); err != nil {
		t.Fatal(err)
	}
	if err := r.Client().Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if e := r.theCall(t); e.Status != types.StatusUnknown || e.Metadata["abandoned"] != true {
		t.Errorf("want it abandoned, got %s, %v", e.Status, e.Metadata)
	}
}

func TestTheDecoderThatStopsAtTheEndOfTheValue(t *testing.T) {
	r := newRig(t)
	for i, known := range []bool{true, false} {
		rt := r.transport(answering(func() (*http.Response, error) {
			res := jsonReply(http.StatusOK, replied)
			if known {
				res.ContentLength = int64(len(replied))
			}
			return res, nil
		}))
		res, err := rt.RoundTrip(request(r.ctx, chatURL, fmt.Sprintf(`{"n":%d}`, i)))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.ReadFull(res.Body, make([]byte, len(replied)))
		_ = res.Body.Close() // no Read has given io.EOF
	}
	for _, e := range callsOf(r.Recorder) {
		wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
		if e.LLMCall.TimeToFirstToken != 0 {
			t.Errorf("want no time to the first token of what is no stream, got %v", e.LLMCall.TimeToFirstToken)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	const callers, each = 100, 5
	r := newRig(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		for _, p := range strings.SplitAfter(streamed(fmt.Sprintf("%x", body)), "\n\n") {
			_, _ = io.WriteString(w, p)
			_ = http.NewResponseController(w).Flush()
		}
	}))
	defer server.Close()
	client := &http.Client{Transport: r.transport(server.Client().Transport)}
	errs := make(chan error, callers)
	for i := range callers {
		go func() {
			var failed error
			for j := range each {
				body := fmt.Sprintf(`{"i":%d,"j":%d}`, i, j)
				res, err := client.Do(request(r.ctx, server.URL+"/v1/chat/completions", body))
				if err != nil {
					failed = err
					break
				}
				got, err := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if want := streamed(fmt.Sprintf("%x", body)); err != nil || string(got) != want {
					failed = fmt.Errorf("got %q, %w", got, err)
				}
			}
			errs <- failed
		}()
	}
	for range callers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	seen := map[string]bool{}
	for _, e := range callsOf(r.Recorder) {
		seen[said(e.LLMCall)] = true
		wantUsage(t, e, 10, 4)
	}
	if len(seen) != callers*each {
		t.Errorf("want %d different answers, got %d", callers*each, len(seen))
	}
}

func TestADefaultTransportThatIsWrapped(t *testing.T) {
	r := newRig(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, replied) }))
	defer server.Close()
	before := http.DefaultTransport
	defer func() { http.DefaultTransport = before }()
	http.DefaultTransport = httptap.Transport(r.Client(), nil)
	res, err := http.DefaultClient.Do(request(r.ctx, server.URL+"/v1/chat/completions", asked))
	if err != nil {
		t.Fatal(err)
	}
	drain(res.Body)
	http.DefaultClient.CloseIdleConnections()
	r.theCall(t)
}
