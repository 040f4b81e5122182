package sentinel_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestUploadHoldsToTheSizeThatWasTold(t *testing.T) {
	for name, c := range map[string]struct {
		size int64
		want string
	}{"shorter": {4, "it is longer than the 4 bytes that were told"}, "longer": {10, "it ended after 7 of 10 bytes"}, "none": {-1, "no size"}} {
		t.Run(name, func(t *testing.T) {
			platform, client := started(t)
			_, err := client.Documents.Upload(t.Context(), "a.txt", stream{strings.NewReader("content")}, sentinel.WithSize(c.size))
			if err == nil || !strings.Contains(err.Error(), c.want) || len(platform.Documents()) != 0 {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	_, client := started(t)
	if _, err := client.Documents.Upload(t.Context(), "a.txt", strings.NewReader("content"), sentinel.WithSize(3)); err == nil {
		t.Error("a size that is not that of a string was taken")
	}
}

func TestUploadSendsAFileAsItWas(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*os.File) error
		want   string
	}{
		"grown":  {func(f *os.File) error { _, err := f.WriteAt([]byte("more"), 7); return err }, ""},
		"shrunk": {func(f *os.File) error { return f.Truncate(3) }, "it ended after 3 of 7 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			platform, client := started(t)
			file, err := os.Create(filepath.Join(t.TempDir(), "a.txt"))
			noError(t, err)
			defer file.Close()
			_, err = file.WriteString("content")
			noError(t, err)
			_, err = file.Seek(0, io.SeekStart)
			noError(t, err)
			_, err = client.Documents.Upload(t.Context(), "a.txt", file, sentinel.OnSent(func(sent, _ int64) {
				if sent == 0 {
					noError(t, c.change(file))
				}
			}))
			switch got := platform.Documents(); {
			case c.want == "" && (err != nil || len(got) != 1 || string(got[0].Content) != "content"):
				t.Errorf("got %v and %+v", err, got)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || len(got) != 0):
				t.Errorf("got %v and %+v, want %q", err, got, c.want)
			}
		})
	}
}

func TestUploadFailsWithItsContent(t *testing.T) {
	broken := errors.New("the disk is on fire")
	for name, content := range map[string]io.Reader{
		"the disk is on fire":     io.MultiReader(strings.NewReader("some"), failing{broken}),
		"panic: it does not hold": io.MultiReader(strings.NewReader("some"), panicking{}),
	} {
		platform, client := started(t)
		_, err := client.Documents.Upload(t.Context(), "a.bin", content)
		if err == nil || !strings.Contains(err.Error(), name) || len(platform.Documents()) != 0 {
			t.Errorf("%s: got %v", name, err)
		}
		if name == broken.Error() && !errors.Is(err, broken) {
			t.Errorf("%v does not wrap the reader's error", err)
		}
	}
}

type failing struct{ err error }

func (r failing) Read([]byte) (int, error) { return 0, r.err }

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("it does not hold") }

// TestUploadReadsNothingOnceItIsOver: a platform that refuses early leaves the transport with a body to send.
func TestUploadReadsNothingOnceItIsOver(t *testing.T) {
	platform, client := started(t)
	platform.InjectFunc(func(*http.Request) *sentineltest.Fault { return &sentineltest.Fault{Status: 403} })
	for range 50 {
		content := bytes.NewReader(make([]byte, 4<<20))
		over := false // the race detector sees who looks at it later
		_, err := client.Documents.Upload(t.Context(), "a.bin", content, sentinel.OnSent(func(int64, int64) {
			if over {
				t.Error("told after the end")
			}
		}))
		over = true
		if err == nil {
			t.Fatal("no error")
		}
		content.Reset(nil)
	}
}

// TestContentThatCannotBeReadIsNotTriedAgain, even if it could be read from its start once more.
func TestContentThatCannotBeReadIsNotTriedAgain(t *testing.T) {
	broken, attempts := errors.New("the disk is on fire"), 0
	_, client := started(t)
	_, err := client.Documents.Upload(t.Context(), "a.bin", brokenFile{strings.NewReader("content"), broken}, sentinel.OnSent(func(int64, int64) { attempts++ }))
	if !errors.Is(err, broken) || attempts != 1 {
		t.Errorf("got %v after %d attempts", err, attempts)
	}
}

type brokenFile struct {
	io.Seeker
	err error
}

func (f brokenFile) Read([]byte) (int, error) { return 0, f.err }

// TestNothingIsToldOnceItIsOver, also if the context ended while it was told.
func TestNothingIsToldOnceItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		telling := false // the race detector sees who looks at it later
		_, err := clientOf(t, inMemory(t)).Documents.Upload(ctx, "a.bin", stream{strings.NewReader("content")}, sentinel.OnSent(func(sent, _ int64) {
			telling = true
			time.Sleep(time.Duration(sent) * time.Second)
			telling = false
		}))
		if telling || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("told after the end: %v; got %v", telling, err)
		}
	})
}

func TestOnSentMayPanic(t *testing.T) {
	_, client := started(t)
	for _, at := range []int64{0, 7} {
		_, err := client.Documents.Upload(t.Context(), "a.bin", strings.NewReader("content"), sentinel.OnSent(func(sent, _ int64) {
			if sent == at {
				panic("it does not hold")
			}
		}))
		if err == nil || !strings.Contains(err.Error(), "OnSent: panic: it does not hold") {
			t.Errorf("at %d: got %v", at, err)
		}
	}
}
