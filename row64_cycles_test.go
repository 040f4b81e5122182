package sentrial_test

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/types"
)

// cyclesOfClients is how many clients come and go.
const cyclesOfClients = 10_000

// lives are what programs do with a client before they close it.
var lives = []func(t *testing.T, client *sentrial.Client){
	func(*testing.T, *sentrial.Client) {},
	func(t *testing.T, client *sentrial.Client) { record(t, client, 1) },
	func(t *testing.T, client *sentrial.Client) { record(t, client, 3); flush(t, client) },
	func(t *testing.T, client *sentrial.Client) { // a span that nobody ends
		ctx, _ := client.CreateSession(t.Context(), "s")
		sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
	},
	func(t *testing.T, client *sentrial.Client) { _ = client.Flush(expired(t)) },
	func(t *testing.T, client *sentrial.Client) {
		_ = client.Run(t.Context(), "s", func(context.Context) error { return errNetwork })
	},
}

// TestRow64NewAndClose: clients that come and go, with a server that works, fails or hangs, leave neither goroutines nor memory behind.
func TestRow64NewAndClose(t *testing.T) {
	leaktest.Check(t)
	hanging := roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	failing := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errNetwork })
	half := cyclesOfClients / 2
	comeAndGo(t, half, hanging, failing)
	before := liveHeap()
	comeAndGo(t, cyclesOfClients-half, hanging, failing)
	if after := liveHeap(); after > before+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

// comeAndGo makes and closes n clients, a few at a time.
func comeAndGo(t *testing.T, n int, servers ...http.RoundTripper) {
	var all sync.WaitGroup
	const atOnce = 4
	for worker := range atOnce {
		all.Go(func() {
			for i := worker; i < n; i += atOnce {
				var server http.RoundTripper = &gatedSink{sink: http.HandlerFunc(acceptAll)}
				working := i%10 != 0
				if !working {
					server = servers[i/10%len(servers)]
				}
				oneLife(t, i, server, working)
			}
		})
	}
	all.Wait()
}

// oneLife is the life of one client.
func oneLife(t *testing.T, i int, server http.RoundTripper, working bool) {
	client, err := sentrial.New(
		sentrial.WithAPIURL("http://127.0.0.1"), sentrial.WithHTTPClient(&http.Client{Transport: server}), sentrial.WithBatchBytes(4<<10), sentrial.WithQueueBytes(64<<10),
		sentrial.WithLogger(quiet), sentrial.WithCloseTimeout(patience),
	)
	if err != nil {
		t.Error(err)
		return
	}
	ctx := t.Context()
	if working {
		lives[i%len(lives)](t, client)
	} else {
		client.Session("s").TrackStep(ctx, types.Step{Name: "n"})
		ctx = expired(t)
	}
	if err := client.Close(ctx); (err == nil) != working {
		t.Errorf("Close of client %d: %v", i, err)
	}
}

// liveHeap is what is left after a collection.
func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // what pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestRow64Connections: clients with connections of their own close them, those of requests under way included.
func TestRow64Connections(t *testing.T) {
	leaktest.Check(t)
	warm := httptest.NewServer(http.NotFoundHandler()) // the runtime opens files of its own for the first socket
	warm.Close()
	before := openFiles(t)
	arrived := make(chan struct{})
	hang := faultsink.Then(faultsink.ReadBody, func(*faultsink.Exchange) { arrived <- struct{}{} }, faultsink.Hang)
	hangs := func(x *faultsink.Exchange) bool { return x.Request().Header.Get("X-Sentrial-Project") == "hang" }
	server := httptest.NewUnstartedServer(faultsink.New(faultsink.When(hangs, hang)))
	var open sync.WaitGroup
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed: // the client has closed its side, or has gone away
			open.Done()
		}
	}
	server.Start()
	for i := range 200 {
		client, err := sentrial.New(sentrial.WithAPIURL(server.URL), sentrial.WithLogger(quiet), sentrial.WithProjectID([]string{"p", "hang"}[i%2]))
		if err != nil {
			t.Fatal(err)
		}
		record(t, client, 1)
		ctx := t.Context()
		if i%2 == 1 {
			_ = client.Flush(expired(t))
			<-arrived
			ctx = expired(t)
		}
		if err := client.Close(ctx); (err == nil) != (i%2 == 0) {
			t.Errorf("Close of client %d: %v", i, err)
		}
	}
	all := make(chan struct{})
	go func() {
		defer close(all)
		open.Wait()
	}()
	select {
	case <-all:
	case <-time.After(patience / 2): // net/http itself would close idle ones after 90 s
		t.Error("connections were left open")
	}
	server.Close()
	if after := openFiles(t); after > before {
		t.Errorf("%d files are open, %d were before", after, before)
	}
}

// openFiles counts the file descriptors of this process, on systems that show them; elsewhere it is 0.
func openFiles(t *testing.T) int {
	t.Helper()
	const shown = "/proc/self/fd"
	files, err := os.ReadDir(shown)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	return len(files)
}

var quiet = slog.New(slog.DiscardHandler)
