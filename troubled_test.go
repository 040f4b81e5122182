package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// together runs the cases at the same time, each as a subtest: on real sockets most of their time is waiting.
func together[C any](t *testing.T, cases map[string]C, run func(t *testing.T, c C)) {
	t.Helper()
	var all sync.WaitGroup
	for name, c := range cases {
		all.Go(func() { t.Run(name, func(t *testing.T) { run(t, c) }) })
	}
	all.Wait()
}

// alarm is a log that rings at its first line.
type alarm struct {
	logged

	once sync.Once
	rang chan struct{}
}

func newAlarm() *alarm { return &alarm{rang: make(chan struct{})} }

func (a *alarm) logger() *slog.Logger { return slog.New(slog.NewTextHandler(a, nil)) }

func (a *alarm) Write(p []byte) (int, error) {
	defer a.once.Do(func() { close(a.rang) })
	return a.logged.Write(p)
}

// patience is how long tests on real sockets wait for what has to happen: long enough for a busy machine.
const patience = time.Minute

// troubled is a client on real sockets, and what one may know of its trouble.
type troubled struct {
	*sentrial.Client

	t   *testing.T
	log *alarm
}

// newTroubled makes a client of the server at url with a key and a project that count as secrets. A nil hc leaves it its own HTTP client.
func newTroubled(t *testing.T, url string, hc *http.Client, opts ...sentrial.Option) *troubled {
	t.Helper()
	log := newAlarm()
	own := []sentrial.Option{
		sentrial.WithAPIURL(url), sentrial.WithHTTPClient(hc), sentrial.WithLogger(log.logger()), sentrial.WithAPIKey(secretKey), sentrial.WithProjectID(secretProject),
		sentrial.WithCloseTimeout(patience),
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close(expired(t)) // an error is for tests that look at it
		if hc != nil {
			hc.CloseIdleConnections()
		}
	})
	return &troubled{client, t, log}
}

// secretKey and secretProject are on the wire, and nowhere else.
const secretKey, secretProject = "sk-canary-7d1f3b", "canary-project"

// failure has what was recorded sent, waits until that fails, and gives what a caller hears of it while the events are kept.
func (c *troubled) failure(queued int) *sentrial.IncompleteError {
	c.t.Helper()
	_ = c.Flush(expired(c.t)) // it need not wait for the batch to be of age
	select {
	case <-c.log.rang:
	case <-time.After(patience):
		c.t.Fatal("nothing was logged")
	}
	err := c.Flush(expired(c.t))
	incomplete := new(sentrial.IncompleteError)
	if !errors.As(err, &incomplete) || incomplete.Stats.LastError == nil {
		c.t.Fatalf("Flush: %v, want an *IncompleteError with the last failure", err)
	}
	if s := incomplete.Stats; int(s.Queued) != queued || len(s.Dropped) > 0 || lawOf(s) != nil {
		c.t.Errorf("while it fails: %+v, want %d queued", s, queued)
	}
	c.checkSecrets(secretKey, incomplete)
	return incomplete
}

// recovered flushes, and wants every event in the sink once.
func (c *troubled) recovered(sink *faultsink.Sink, ids []string) {
	c.t.Helper()
	flush(c.t, c.Client)
	checkStats(c.t, c.Client, len(ids), 0, nothing)
	if err := sink.Report().Check(ids); err != nil {
		c.t.Error(err)
	}
	c.checkSecrets(secretKey)
}

// checkSecrets looks for a secret in the log, the counters and in errors, however they are printed.
func (c *troubled) checkSecrets(secret string, errs ...error) {
	c.t.Helper()
	texts := c.log.lines()
	for _, v := range []any{errs, c.Stats(), c.Stats().LastError} {
		texts = append(texts, fmt.Sprintf("%v %+v %#v %q", v, v, v, v))
	}
	if all := strings.Join(texts, "\n"); strings.Contains(all, secret) {
		c.t.Errorf("%s is in\n%s", secret, all)
	}
}

// expired is a context that is over.
func expired(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
