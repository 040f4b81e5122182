//go:build linux || darwin

package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// person is somebody at a terminal where the command runs.
type person struct {
	*exec.Cmd
	terminal *os.File
	seen     bytes.Buffer
}

// sit starts the command on a terminal of 100 columns.
func sit(t *testing.T, args ...string) *person {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &person{Cmd: exec.CommandContext(t.Context(), exe, args...)}
	p.Env = append(os.Environ(), asCommand+"=1", "TERM=xterm", "LANG=C.UTF-8", "CI=", "NO_COLOR=")
	if p.terminal, err = pty.StartWithSize(p.Cmd, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.terminal.Close() })
	return p
}

// until reads what the terminal shows until text is among it.
func (p *person) until(t *testing.T, text string) {
	t.Helper()
	var b [1]byte
	for !strings.Contains(p.seen.String(), text) {
		if _, err := p.terminal.Read(b[:]); err != nil {
			t.Fatalf("%v; the terminal shows %q and not %q", err, &p.seen, text)
		}
		p.seen.Write(b[:])
	}
}

func (p *person) says(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(p.terminal, text); err != nil {
		t.Fatal(err)
	}
}

// leaves waits for the command's end.
func (p *person) leaves(t *testing.T) (code int, seen string) {
	t.Helper()
	_, _ = p.seen.ReadFrom(p.terminal) // ends with an error of its own when the other side is closed
	_ = p.Wait()
	return p.ProcessState.ExitCode(), p.seen.String()
}

func TestAPersonIsAsked(t *testing.T) {
	for _, test := range []struct {
		answer string
		code   int
		gone   string
	}{{"y\n", 0, "s1 s2"}, {"YES\n", 0, "s1 s2"}, {"n\n", 1, ""}, {"\n", 1, ""}, {"\x04", 1, ""}, {"\x03", 130, ""}} {
		s := newErasable(t)
		p := sit(t, "delete", "s1", "s2", "--url", s.url)
		p.until(t, "2 sessions with 4 events will be erased")
		p.until(t, "[y/N] ")
		if s.went() != "" {
			t.Fatal("it did not wait for the answer")
		}
		p.says(t, test.answer)
		if code, seen := p.leaves(t); code != test.code || s.went() != test.gone {
			t.Errorf("%q: exit %d, %q gone, the terminal shows %q", test.answer, code, s.went(), seen)
		}
	}
}

func TestAPersonSeesABar(t *testing.T) {
	busy := make(chan struct{}, 1) // at first, so that it takes longer than what shows no bar
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		select {
		case busy <- struct{}{}:
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"wait"}}`)
		default:
			_, _ = io.WriteString(w, `{"accepted":1000,"duplicates":0,"rejected":[]}`)
		}
	}))
	defer srv.Close()
	p := sit(t, "import", file(t, "events.ndjson", stored(3000)), "--url", srv.URL)
	code, seen := p.leaves(t)
	if code != 0 || !strings.Contains(seen, "░") || !strings.HasSuffix(seen, "3,000 events accepted, 0 duplicates, 0 rejected\r\n") {
		t.Errorf("exit %d, the terminal shows %q", code, seen)
	}
}
