//go:build unix

package cli_test

import (
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// said reads one more line.
func (c *child) said(t *testing.T) string {
	t.Helper()
	line, err := c.stderr.ReadString('\n')
	if err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	return strings.TrimSpace(line)
}

func TestServeTakesOTLP(t *testing.T) {
	c := start(t, []string{"SENTRIAL_OTLP_HTTP=127.0.0.1:0"}, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "s.db"), "--otlp-grpc", "127.0.0.1:0")
	c.address(t)
	web := regexp.MustCompile(`^sentrial: OTLP over HTTP on (127\.0\.0\.1:[1-9][0-9]*)$`).FindStringSubmatch(c.said(t))
	if web == nil || !strings.HasPrefix(c.said(t), "sentrial: OTLP over gRPC on 127.0.0.1:") {
		t.Fatal("it does not say where it takes OTLP")
	}
	res, err := http.Post("http://"+web[1]+"/v1/traces", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s", res.Status)
	}
	http.DefaultClient.CloseIdleConnections()
	c.signal(t, syscall.SIGTERM)
	if code, rest := c.end(t); code != 0 || rest != "" {
		t.Errorf("exit %d, stderr %q", code, rest)
	}
}

// TestServeWithoutAPortForOTLP: one that was given is an error, and nothing is served.
func TestServeWithoutAPortForOTLP(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for flag, other := range map[string]string{"--otlp-http": "--otlp-grpc", "--otlp-grpc": "--otlp-http"} {
		got := run(t, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "s.db"), flag, taken.Addr().String(), other, "")
		if got.code != 1 || !strings.Contains(got.errors, "another program does already") || !strings.Contains(got.errors, flag) {
			t.Errorf("%s: %+v", flag, got)
		}
	}
	for addr, want := range map[string]string{"0.0.0.0:0": "it is not loopback", "nonsense": "expected host:port"} {
		got := run(t, "serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "s.db"), "--otlp-http", addr, "--otlp-grpc", "off")
		if got.code != 2 || !strings.Contains(got.errors, want) {
			t.Errorf("%s: %+v", addr, got)
		}
	}
}

// TestADefaultPortThatIsTaken is left out with a note: it may be a collector's.
func TestADefaultPortThatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	srv, err := server.New(server.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	n, err := cli.ListenOTLP(t.Context(), srv, taken.Addr().String(), "default", &stderr)
	if want := "sentrial: OTLP over HTTP is not served: another program listens on " + taken.Addr().String(); n != 0 || err != nil || !strings.HasPrefix(stderr.String(), want) {
		t.Errorf("%d listeners, %v, %q", n, err, stderr.String())
	}
	if n, err := cli.ListenOTLP(t.Context(), srv, taken.Addr().String(), "SENTRIAL_OTLP_HTTP", &stderr); n != 0 || err == nil {
		t.Errorf("from the environment: %d listeners, %v", n, err)
	}
}
