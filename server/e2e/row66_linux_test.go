package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// heirs is how many children a program starts while its client sends.
const heirs = 4

// carrierEnv has what a program injected for its child, numberEnv which child it is.
const (
	carrierEnv = "E2E_CARRIER"
	numberEnv  = "E2E_NUMBER"
)

// heirChild says which sockets it was born with. Then it records with a client of its own, into its parent's session and into one of its own.
var heirChild = asChild("heir", func() {
	fmt.Println(sockets())
	var carrier sentrial.MapCarrier
	must(json.Unmarshal([]byte(os.Getenv(carrierEnv)), &carrier))
	client, err := sentrial.New()
	must(err)
	ctx := client.Extract(context.Background(), carrier)
	var number int
	_, err = fmt.Sscan(os.Getenv(numberEnv), &number)
	must(err)
	track(sentrial.SessionFromContext(ctx), number*perTrack, perTrack)
	ctx, own := client.CreateSession(ctx, "heir")
	track(own, number*perTrack, perTrack)
	own.Close(ctx, types.SessionResult{})
	must(client.Close(ctx))
})

// parentChild says which sockets it has, without a client and with a request under way, and then starts children.
var parentChild = asChild("parent", func() {
	fmt.Println(sockets())
	client, err := sentrial.New()
	must(err)
	ctx, session := client.CreateSession(context.Background(), "parent")
	track(session, 0, perTrack)
	_, err = fmt.Scanln() // until the request is there
	must(err)
	fmt.Println(sockets())
	children := make([]*exec.Cmd, heirs)
	for i := range children {
		children[i] = startHeir(ctx, i+1)
	}
	for _, c := range children {
		must(c.Wait())
	}
	session.Close(ctx, types.SessionResult{})
	must(client.Close(ctx))
})

// startHeir starts a child with the environment of this program.
func startHeir(ctx context.Context, number int) *exec.Cmd {
	carrier := sentrial.MapCarrier{}
	sentrial.Inject(ctx, carrier)
	text, err := json.Marshal(carrier)
	must(err)
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childEnv+"="+heirChild, carrierEnv+"="+string(text), fmt.Sprintf("%s=%d", numberEnv, number))
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	must(c.Start())
	return c
}

// sockets names the sockets that this process has open, in one line.
func sockets() string {
	descriptors, err := filepath.Glob("/proc/self/fd/*")
	must(err)
	var names []string
	for _, fd := range descriptors {
		if name, err := os.Readlink(fd); err == nil && strings.HasPrefix(name, "socket:") { // the one of the listing itself is closed by now
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func TestRow66ChildInheritsNothing(t *testing.T) {
	to, _, gate := serveGated(t, straight)
	p := child(t, parentChild, to)
	p.set("SENTRIAL_FLUSH_INTERVAL", "10ms")
	r := p.start(t)
	without := strings.Fields(r.hear(t)) // sockets that the tests were started with, if any
	await(t, gate.arrived, "the first request")
	r.tell(t, "")
	own := slices.DeleteFunc(strings.Fields(r.hear(t)), func(s string) bool { return slices.Contains(without, s) })
	if len(own) == 0 {
		t.Fatal("the client has no socket, though its request is under way")
	}
	for range heirs {
		for s := range strings.FieldsSeq(r.hear(t)) {
			if !slices.Contains(without, s) {
				t.Errorf("a child has %s; the client of its parent has %v", s, own)
			}
		}
	}
	gate.open()
	if got := r.end(t); got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	recordedBesideEachOther(t, to)
}

// recordedBesideEachOther checks that everything is there once: all programs in the parent's session, and each child in one of its own.
func recordedBesideEachOther(t *testing.T, to ingestion) {
	t.Helper()
	sessions := to.sessions(t)
	if len(sessions) != 1+heirs {
		t.Fatalf("the server has %d sessions, want %d", len(sessions), 1+heirs)
	}
	var all []int
	for _, s := range sessions {
		events := to.stored(t, s.ID)
		switch {
		case s.Status != types.StatusSuccess:
			t.Errorf("session %s is %s", s.Name, s.Status)
		case s.Name == "parent":
			if got := inputs(t, events); !slices.Equal(got, count(0, (1+heirs)*perTrack)) {
				t.Errorf("the parent's session has the tool calls %v, want each of %d once", got, (1+heirs)*perTrack)
			}
		default:
			all = append(all, inputs(t, events)...)
			unbroken(t, events)
		}
	}
	if slices.Sort(all); !slices.Equal(all, count(perTrack, (1+heirs)*perTrack)) {
		t.Errorf("the children's own sessions have the tool calls %v, want each of %d to %d once", all, perTrack, (1+heirs)*perTrack)
	}
}
