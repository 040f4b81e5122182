package sentrial_test

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

const (
	crowdQueue  = 32 << 20
	crowdMargin = 16 << 20 // for what is in flight, and all else that a client needs
	crowdEvents = 100_000 * 2
)

// crowdResult is what testdata/crowd prints.
type crowdResult struct {
	Peak     int64
	Returned uint64
	Stats    sentrial.Stats
}

// TestRow60CrowdInAnOutage: a program of 100,000 goroutines that record while the server is away, under GOMEMLIMIT=64MiB, takes no more than the queue's bound and 16 MiB
// beyond what it takes with a client that records nothing; the pages of a spool's files count. No event vanishes.
//
// What stacks take is the program's own: they are as deep as a request over HTTP makes them before anything is measured. It is a program of its own because the race
// detector knows 8,000 goroutines.
func TestRow60CrowdInAnOutage(t *testing.T) {
	program := filepath.Join(t.TempDir(), "crowd")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./testdata/crowd")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	nothing := runCrowd(t, program, refusing(t), "SENTRIAL_DISABLED=true")
	if nothing.Stats.Accepted > 0 {
		t.Fatalf("a client that records nothing: %+v", nothing.Stats)
	}
	for name, overflow := range map[string]string{"in memory": "drop_oldest", "in files": "drop_oldest", "lighter": "degrade", "without waiting": "block"} {
		t.Run(name, func(t *testing.T) {
			url, args := refusing(t), []string{"-overflow", overflow}
			switch name {
			case "in files":
				args = append(args, "-spool", filepath.Join(t.TempDir(), "spool"))
			case "lighter":
				url = hanging(t)
			}
			got := runCrowd(t, program, url, "", args...)
			checkCrowd(t, got, overflow)
			switch more := got.Peak - nothing.Peak; {
			case got.Peak == 0:
				t.Log("this system does not say how much memory a process takes; only the events were counted")
			case more > crowdQueue+crowdMargin:
				t.Errorf("%d MiB, of which %d are beyond what the program takes by itself; want %d at most", got.Peak>>20, more>>20, (crowdQueue+crowdMargin)>>20)
			default:
				t.Logf("%d MiB, of which %d are beyond what the program takes by itself", got.Peak>>20, more>>20)
			}
		})
	}
}

// checkCrowd accounts for the events. In files the newest ones may be refused while the disk is behind, for what was evicted makes no room until it comes to it.
func checkCrowd(t *testing.T, got crowdResult, overflow string) {
	t.Helper()
	s := got.Stats
	if err := lawOf(s); err != nil {
		t.Error(err)
	}
	if s.Accepted != got.Returned || s.Accepted+s.Refused[sentrial.DropOverflow] != crowdEvents || len(s.Refused) > 1 {
		t.Errorf("%d ids were returned for %d events: %+v", got.Returned, crowdEvents, s)
	}
	if overflow == "drop_oldest" && s.Spooled == 0 && s.Accepted != crowdEvents || s.Queued == 0 || s.QueueBytes > crowdQueue || s.Delivered > 0 {
		t.Errorf("%+v", s)
	}
}

func runCrowd(t *testing.T, program, url, env string, args ...string) (r crowdResult) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(withoutProxies(os.Environ()), "SENTRIAL_API_URL="+url, "CROWD_URL="+faultsink.Start(t, faultsink.New()).URL(), "GOMEMLIMIT=64MiB", "GODEBUG=gcshrinkstackoff=1")
	if env != "" {
		cmd.Env = append(cmd.Env, env)
	}
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	return r
}

// refusing is the URL of a port that nobody listens on.
func refusing(t *testing.T) string {
	t.Helper()
	server := faultsink.Start(t, faultsink.New())
	server.Down()
	return server.URL()
}

// hanging is the URL of a server that never answers.
func hanging(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "http://" + listener.Addr().String()
}
