package sentrial_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// killing is a victim and what is done to it: it is killed some time after a line of its output, unless it kills itself before.
type killing struct {
	victim

	After string        // "new", "closing" or the beginning of an id
	Lines int           // after that many of those
	Delay time.Duration // and then this long
}

// longestLife is when a victim is killed in any case, after it made its client.
const longestLife = 400 * time.Millisecond

// draw makes a killing. Half of them happen in the first milliseconds, while the client takes over what others left, or right at a moment.
func draw(random *rand.Rand, dir, url string) *killing {
	k := &killing{After: "new", Lines: 1, victim: victim{
		Dir: dir, URL: url, Seed: random.Uint64(), Goroutines: 1 + random.IntN(4), Events: 10 + random.IntN(80),
		BatchBytes: 1 << (11 + random.IntN(5)), QueueBytes: 1 << (20 + random.IntN(4)), Sync: -1, Interval: time.Duration(1+random.IntN(20)) * time.Millisecond,
		Pause: time.Duration(random.IntN(3)) * time.Millisecond,
	}}
	if random.IntN(3) == 0 {
		k.Sync = time.Duration(random.IntN(4)) * time.Millisecond
	}
	switch random.IntN(6) {
	case 0:
		k.Delay = time.Duration(random.IntN(int(5 * time.Millisecond)))
	case 1:
		k.Delay = time.Duration(random.IntN(int(30 * time.Millisecond)))
	case 2:
		k.After, k.Lines, k.Delay = "evt_", 1+random.IntN(k.Goroutines*k.Events), time.Duration(random.IntN(int(time.Millisecond)))
	case 3:
		k.Close = time.Duration(1 + random.IntN(int(100*time.Millisecond)))
		k.After, k.Delay = "closing", time.Duration(random.IntN(int(20*time.Millisecond)))
	default:
		k.Moment, k.Nth, k.Late = momentNames[random.IntN(len(momentNames))], 1+random.IntN(15), time.Duration(random.IntN(int(300*time.Microsecond)))
		k.Delay = longestLife
	}
	return k
}

var momentNames = []string{"create", "recover", "request", "seal", "settle", "unlink"}

// confession is what a victim said.
type confession struct {
	ids      []string
	inMemory int
	log      string
	err      error
}

// happen starts the victim, kills it, and gives what it said before.
func (k *killing) happen(t *testing.T) (c confession) {
	plan, err := json.Marshal(k.victim)
	if err != nil {
		return confession{err: err}
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(withoutProxies(os.Environ()), victimPlan+"="+string(plan))
	var log bytes.Buffer
	child.Stderr = &log
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		return confession{err: err}
	}
	kill := func() { _ = child.Process.Kill() }
	left := k.Lines
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if c.hear(line); line == "new" {
			defer time.AfterFunc(longestLife, kill).Stop()
		}
		if strings.HasPrefix(line, k.After) {
			if left--; left == 0 {
				defer time.AfterFunc(k.Delay, kill).Stop()
			}
		}
	}
	_ = child.Wait() // it was killed
	c.log = log.String()
	if c.err == nil && child.ProcessState.ExitCode() == 0 || slices.ContainsFunc(grave, func(word string) bool { return strings.Contains(c.log, word) }) {
		c.err = fmt.Errorf("it ended with %v", child.ProcessState)
	}
	return c
}

// grave are words that no victim may have in its log.
var grave = []string{"panic", "fatal error", "DATA RACE", "damaged", "cannot be read", "cannot be used", "in trouble", "SIGBUS"}

const idLength = len("evt_00000000-0000-0000-0000-000000000000")

// hear takes a line of the victim's; the last one may be cut.
func (c *confession) hear(line string) {
	switch {
	case strings.HasPrefix(line, "evt_") && len(line) == idLength:
		c.ids = append(c.ids, line)
	case line == "memory":
		c.inMemory++
	case strings.HasPrefix(line, "error") || line == "":
		c.err = fmt.Errorf("it says %q", line)
	}
}
