package sentrial_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// victimPlan names the variable that makes this binary a victim instead of a test.
const victimPlan = "SPOOL_VICTIM"

// victim is a program that records with a spool until it is killed. It tells on its output when it makes its client (new), each id that Track has returned, and when it closes.
type victim struct {
	Dir, URL               string
	Seed                   uint64
	Goroutines, Events     int // events of each goroutine
	BatchBytes, QueueBytes int
	Sync                   time.Duration // below 0: unset
	Interval               time.Duration
	Pause                  time.Duration // between two events, at most
	Close                  time.Duration // time-out of the Close at the end, 0 for none

	// A victim may kill itself, which comes closer to a moment than anybody else: when that has come for the Nth time, and Late has passed.
	Moment string
	Nth    int
	Late   time.Duration
}

// init becomes the victim before the testing package looks at the arguments.
func init() {
	plan := os.Getenv(victimPlan)
	if plan == "" {
		return
	}
	var v victim
	if err := json.Unmarshal([]byte(plan), &v); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	v.live()
	os.Exit(0)
}

func (v *victim) live() {
	fmt.Println("new")
	client, err := sentrial.New(v.options()...)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	if v.Moment != "" {
		go v.killItself(client)
	}
	v.record(client)
	if v.Close > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), v.Close)
		defer cancel()
		fmt.Println("closing")
		_ = client.Close(ctx)
	}
	<-time.After(time.Minute) // somebody kills it before
}

func (v *victim) options() []sentrial.Option {
	options := []sentrial.Option{
		sentrial.WithAPIURL(v.URL), sentrial.WithSpool(v.Dir), sentrial.WithBatchBytes(v.BatchBytes), sentrial.WithQueueBytes(v.QueueBytes),
		sentrial.WithFlushInterval(v.Interval), sentrial.WithOverflow(sentrial.Block), sentrial.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))),
	}
	if v.Sync >= 0 {
		options = append(options, sentrial.WithSpoolSync(v.Sync))
	}
	return options
}

// record tells an id when its event must survive. What waits in memory, because the disk was slow, need not.
func (v *victim) record(client *sentrial.Client) {
	s := client.Session("victim")
	var all sync.WaitGroup
	for g := range v.Goroutines {
		random := rand.New(rand.NewPCG(v.Seed, uint64(g)))
		all.Go(func() {
			for range v.Events {
				id := s.TrackStep(context.Background(), types.Step{Name: "n", Input: strings.Repeat("x", v.size(random))})
				if sentrial.StateOf(client).InMemory > 0 {
					id = "memory"
				}
				fmt.Println(id)
				if v.Pause > 0 {
					<-time.After(time.Duration(random.Int64N(int64(v.Pause))))
				}
			}
		})
	}
	all.Wait()
}

// size is that of an event's input: a few bytes as a rule, now and then more than a slab has.
func (v *victim) size(random *rand.Rand) int {
	if random.IntN(40) == 0 {
		return random.IntN(8 * v.BatchBytes)
	}
	return random.IntN(600)
}

// victimMoments are those of a client with a spool: they tell from two states, one after the other, whether theirs has come.
var victimMoments = map[string]func(before, now sentrial.SpoolState) bool{
	"seal":    func(before, now sentrial.SpoolState) bool { return now.Begun > before.Begun },
	"request": func(before, now sentrial.SpoolState) bool { return now.Held > before.Held },
	"settle":  func(before, now sentrial.SpoolState) bool { return now.Held < before.Held },
	"unlink":  func(before, now sentrial.SpoolState) bool { return now.Spent > before.Spent },
	"recover": func(before, now sentrial.SpoolState) bool { return now.InHand > before.InHand },
	"create":  func(before, now sentrial.SpoolState) bool { return now.Ready < before.Ready },
}

func (v *victim) killItself(client *sentrial.Client) {
	var before sentrial.SpoolState
	for n := 0; n < v.Nth; {
		now := sentrial.StateOf(client)
		if victimMoments[v.Moment](before, now) {
			n++
		}
		before = now
	}
	for began := time.Now(); time.Since(began) < v.Late; { // a timer would not be exact
		_ = atomic.AddUint64(new(uint64), 1)
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		_, _ = io.WriteString(os.Stdout, "error "+err.Error()+"\n")
	}
}
