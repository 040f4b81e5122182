package apiclient_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

// told reads a stream to its end and writes a line for each message.
func told(r io.Reader) string {
	var out strings.Builder
	in := apiclient.NewMessageReader(r)
	for {
		m, err := in.Next()
		if err != nil {
			return out.String()
		}
		fmt.Fprintf(&out, "%s %s %q\n", m.Event, m.ID, m.Data)
	}
}

func TestMessages(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"one":                {"event: event\nid: 7\ndata: {\"a\":1}\n\n", `event 7 "{\"a\":1}"` + "\n"},
		"no type":            {"data: x\n\n", `message  "x"` + "\n"},
		"CRLF":               {"event: e\r\nid: 1\r\ndata: a\r\ndata: b\r\n\r\n", `e 1 "a\nb"` + "\n"},
		"CR":                 {"event: e\rdata: a\r\rdata: b\r\r", `e  "a"` + "\n" + `message  "b"` + "\n"},
		"comments":           {":\n: hello\nid: 3\n\n: again\n\ndata: x\n\n", `message 3 "x"` + "\n"},
		"no space, and two":  {"data:a\ndata:  b\n\n", `message  "a\n b"` + "\n"},
		"a line without one": {"data\ndata\n\ndata\n\n", `message  "\n"` + "\n" + `message  ""` + "\n"},
		"unknown fields":     {"retry: 5\nfoo: bar\ndata: x\n\n", `message  "x"` + "\n"},
		"an id stays":        {"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", "message 1 \"a\"\nmessage 1 \"b\"\nmessage  \"c\"\n"},
		"an id with NUL":     {"id: 1\nid: 2\x00\ndata: a\n\n", `message 1 "a"` + "\n"},
		"a mark":             {"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", `message  "a"` + "\n"},
		"cut":                {"data: a\n\ndata: b\n", `message  "a"` + "\n"},
		"types are not kept": {"event: e\n\ndata: a\n\n", `message  "a"` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(strings.NewReader(test.text)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got := told(iotest.OneByteReader(strings.NewReader(test.text))); got != test.want {
				t.Errorf("byte by byte: got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAMessageIsBounded(t *testing.T) {
	for _, text := range []string{"data: ", "data: " + strings.Repeat("x", 4000) + "\n"} {
		endless := io.MultiReader(strings.NewReader(text), repeated(text))
		if _, err := apiclient.NewMessageReader(endless).Next(); err == nil || !strings.Contains(err.Error(), "longer than 32 MiB") {
			t.Errorf("%.9q: %v", text, err)
		}
	}
}

// repeated is text without end.
func repeated(text string) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		return copy(p, bytes.Repeat([]byte(text), len(p)/len(text)+1)[:len(p)/len(text)*len(text)]), nil
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func FuzzMessages(f *testing.F) {
	for _, seed := range []string{"event: event\nid: 7\ndata: {}\n\n", "data: a\r\ndata: b\r\n\r\n", ":\n\n", "\xef\xbb\xbfdata\r\rid: \x00\n\n", "data:a\r\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		whole := told(strings.NewReader(text))
		if pieces := told(iotest.OneByteReader(strings.NewReader(text))); pieces != whole {
			t.Errorf("%q: whole %q, byte by byte %q", text, whole, pieces)
		}
		if same := told(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))); same != whole {
			t.Errorf("%q: %q with line feeds %q", text, whole, same)
		}
	})
}

// TestAStream also shows that what a handler in this process writes can be read while it goes on.
func TestAStream(t *testing.T) {
	more, ended := make(chan string), make(chan struct{})
	c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		if r.URL.Path != "/base/v1/stream" || r.URL.RawQuery != "type=x" || r.Header.Get("Last-Event-ID") != "5" || r.Header.Get("Authorization") != "Bearer key" {
			t.Errorf("the handler saw %v %v", r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		for {
			select {
			case text := <-more:
				_, _ = io.WriteString(w, text)
			case <-r.Context().Done():
				return
			}
		}
	})
	s, err := c.Stream(t.Context(), map[string][]string{"type": {"x"}}, "5")
	if err != nil {
		t.Fatal(err)
	}
	more <- "id: 6\ndata: a\n\n"
	if m, err := s.Next(); err != nil || string(m.Data) != "a" || s.LastID() != "6" {
		t.Errorf("Next = %v, %v", m, err)
	}
	s.Close()
	select {
	case <-ended:
	default:
		t.Error("Close did not wait for the handler")
	}
}

func TestAStreamThatIsNone(t *testing.T) {
	for status, want := range map[int]string{200: "no stream of events", 404: "not a sentrial server's", 503: "cannot reach"} {
		c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if _, err := c.Stream(t.Context(), nil, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestASilentStreamIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		c := inProcess(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for range 4 {
				_, _ = io.WriteString(w, ":\n\n")
				_ = apiclient.Sleep(r.Context(), 15*time.Second)
			}
			<-r.Context().Done()
		})
		s, err := c.Stream(t.Context(), nil, "")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		_, err = s.Next()
		var lost *apiclient.UnreachableError
		if !errors.As(err, &lost) || !strings.Contains(err.Error(), "nothing came for 45s") || time.Since(begun) != 90*time.Second {
			t.Errorf("Next = %v after %v", err, time.Since(begun))
		}
	})
}
