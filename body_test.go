package sentrial_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go"
)

func newBodyRequest(t *testing.T, content string) (*http.Request, func()) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return r, sentrial.AttachBody(r, content)
}

// TestBodyCanBeReadAgain: net/http asks for it anew when a connection turns out to be dead.
func TestBodyCanBeReadAgain(t *testing.T) {
	r, release := newBodyRequest(t, "content")
	defer release()
	for range 3 {
		got, err := io.ReadAll(r.Body)
		if err != nil || string(got) != "content" || r.ContentLength != int64(len(got)) {
			t.Errorf("got %q, %v, length %d", got, err, r.ContentLength)
		}
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
		if r.Body, err = r.GetBody(); err != nil {
			t.Fatal(err)
		}
	}
	r.Body.Close()
}

func TestBodyAfterClose(t *testing.T) {
	r, release := newBodyRequest(t, "content")
	r.Body.Close()
	r.Body.Close() // twice does no harm
	release()
	if n, err := r.Body.Read(make([]byte, 10)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("read %d bytes of a closed body, error %v", n, err)
	}
}

// TestBodyStaysWhileSomebodyReads: the sender and one reader have let go, another one has not.
func TestBodyStaysWhileSomebodyReads(t *testing.T) {
	for i := range 100 {
		content := fmt.Sprintf("content of body %d", i)
		r, release := newBodyRequest(t, content)
		second, err := r.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		release()
		next, releaseNext := newBodyRequest(t, "something else altogether")
		if got, err := io.ReadAll(second); string(got) != content {
			t.Fatalf("read %q, %v; want %q", got, err, content)
		}
		second.Close()
		next.Body.Close()
		releaseNext()
	}
}

// TestBodyClosedDuringRead: net/http does that when a request is given up. The reader gets an error, or bytes of its own body; with the race detector, it may not
// touch a body that has a new owner.
func TestBodyClosedDuringRead(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 100 {
				content := strings.Repeat(fmt.Sprintf("%d.%d ", g, i), 2000)
				r, release := newBodyRequest(t, content)
				reading, done := make(chan struct{}), make(chan struct{})
				go func() {
					defer close(done)
					close(reading)
					checkPrefix(t, r.Body, content)
				}()
				<-reading
				r.Body.Close()
				release()
				if i%2 == 0 {
					<-done
				} else {
					wg.Go(func() { <-done })
				}
			}
		})
	}
	wg.Wait()
}

func checkPrefix(t *testing.T, body io.Reader, content string) {
	buf := make([]byte, 100)
	for {
		n, err := body.Read(buf)
		if string(buf[:n]) != content[:n] {
			t.Errorf("read %q, want %q", buf[:n], content[:n])
			return
		}
		if content = content[n:]; err != nil {
			return
		}
	}
}

// pieces keeps what is written, and in how many calls.
type pieces struct {
	got   bytes.Buffer
	calls int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.calls++
	return p.got.Write(b)
}

func TestBodyIsWrittenInOnePiece(t *testing.T) {
	content := strings.Repeat("content ", 100_000)
	for _, already := range []int{0, 10, len(content)} {
		r, release := newBodyRequest(t, content)
		var to pieces
		if _, err := io.CopyN(&to.got, r.Body, int64(already)); err != nil {
			t.Fatal(err)
		}
		if left := r.Body.(interface{ Len() int }).Len(); left != len(content)-already {
			t.Errorf("%d bytes are left, want %d", left, len(content)-already)
		}
		n, err := io.Copy(&to, r.Body)
		if err != nil || n != int64(len(content)-already) || to.got.String() != content || to.calls > 1 {
			t.Errorf("%d bytes in %d pieces, %v", n, to.calls, err)
		}
		if n, err := io.Copy(&to, r.Body); n != 0 || err != nil {
			t.Errorf("then %d bytes more, %v", n, err)
		}
		r.Body.Close()
		if _, err := io.Copy(&to, r.Body); !errors.Is(err, http.ErrBodyReadAfterClose) {
			t.Errorf("error %v of a closed body", err)
		}
		release()
	}
}

// slowWriter is a connection that takes its time: what it was given is looked at when the body was closed and others have been made.
type slowWriter struct {
	writing, goOn chan struct{}
	got           string
}

func (w *slowWriter) Write(b []byte) (int, error) {
	close(w.writing)
	<-w.goOn
	w.got = string(b)
	return len(b), nil
}

func TestBodyClosedDuringWrite(t *testing.T) {
	for i := range 100 {
		content := fmt.Sprintf("content of body %d", i)
		r, release := newBodyRequest(t, content)
		w := &slowWriter{writing: make(chan struct{}), goOn: make(chan struct{})}
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = io.Copy(w, r.Body) })
		<-w.writing
		r.Body.Close()
		release()
		next, releaseNext := newBodyRequest(t, "something else altogether")
		close(w.goOn)
		wg.Wait()
		if w.got != content {
			t.Fatalf("wrote %q, want %q", w.got, content)
		}
		next.Body.Close()
		releaseNext()
	}
}
