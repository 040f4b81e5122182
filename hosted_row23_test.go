package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow23HostedExpiredToken: each time the token expires, whatever is being sent, the source is asked for another one, once, and nothing waits for it.
func TestRow23HostedExpiredToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := faultsink.NewToken("token-0")
		source := &tokenSource{t: t, issue: func() (string, error) { return token.Get(), nil }}
		sink := faultsink.NewHosted(faultsink.Authorize(token))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithTokenSource(source))
		var ids []string
		for i := range 50 {
			token.Set(fmt.Sprint("token-", i))
			ids = append(ids, hostedRun(t, client, 1, 5)...)
			flush(t, client)
		}
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		checkStats(t, client, len(ids)+100, 0, nothing)
		if source.issued != 50 || source.told != 49 || len(sink.Requests()) != len(ids)+100+49 {
			t.Errorf("%d tokens issued, Invalidate called %d times, %d requests", source.issued, source.told, len(sink.Requests()))
		}
	})
}

// TestRow23HostedManyRequestsOneRefresh: eight sessions are under way when the token expires.
func TestRow23HostedManyRequestsOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := faultsink.NewToken("first")
		source := &tokenSource{t: t, issue: func() (string, error) { return token.Get(), nil }}
		slow := func(s faultsink.Step) faultsink.Step {
			return faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Second), s)
		}
		expired := faultsink.Condition(func(x *faultsink.Exchange) bool {
			return x.Request().Header.Get("Authorization") != "Bearer "+token.Get()
		})
		sink := faultsink.NewHosted(faultsink.When(expired, slow(faultsink.Status(401))), faultsink.Always(slow(faultsink.Accept)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithTokenSource(source))
		ids := hostedRun(t, client, 10, 5)
		time.Sleep(5 * time.Second)
		token.Set("second")
		time.Sleep(time.Minute)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		refused := repliesOf(sink.Report(), 401)
		if source.told != 1 || source.issued != 2 || refused < 2 || source.mostAtOn.Load() != 1 {
			t.Errorf("%d replies of 401, Invalidate called %d times, %d tokens issued, %d asked at once; want several, 1, 2, 1", refused, source.told, source.issued, source.mostAtOn.Load())
		}
	})
}

// TestRow23HostedTokenThatIsNeverAccepted: each session that waits asks with a new token once, then one of them asks once a minute; everything is kept.
func TestRow23HostedTokenThatIsNeverAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrong := faultsink.NewToken("wrong")
		good := faultsink.NewToken("good")
		source := &tokenSource{t: t, issue: func() (string, error) { return wrong.Get(), nil }}
		sink := faultsink.NewHosted(faultsink.Authorize(good))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithTokenSource(source))
		ids := hostedRun(t, client, 10, 5)
		time.Sleep(30*time.Minute + 30*time.Second)
		if n := len(sink.Requests()); n < 20 || n > 31+sessionsOfRun {
			t.Errorf("%d requests in half an hour, want one a minute", n)
		}
		if s := client.Stats(); !errors.Is(s.LastError, sentrial.ErrUnauthorized) || s.Queued != 70 {
			t.Errorf("got %+v", s)
		}
		wrong.Set("good")
		time.Sleep(2 * time.Minute)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		checkStats(t, client, 70, 0, nothing)
	})
}

// TestRow24HostedBarred: what a person has to put right is asked about once a minute and told once, from the first request or from any other, and costs nothing. A 404
// is one of these unless the API itself says it of a session.
func TestRow24HostedBarred(t *testing.T) {
	for name, step := range map[string]faultsink.Step{
		"401": faultsink.Status(401), "403": faultsink.Status(403), "404": faultsink.Answer(404, "text/html", "<h1>404</h1>"), "405": faultsink.Status(405), "415": faultsink.Status(415),
		"404 without words": faultsink.Answer(404, "application/json", "{}"), "418": faultsink.Status(418), "501": faultsink.Status(http.StatusNotImplemented),
	} {
		for begins, from := range map[string]time.Duration{"from the start": 0, "later": 3 * time.Second} {
			t.Run(name+" "+begins, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var log logged
					sink := faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(from, time.Hour), step))
					h := newHostedAgents(t, sink, sentrial.WithLogger(log.logger()))
					h.trackAt(300, 50)
					time.Sleep(time.Hour)
					if n := len(sink.Report().WithinUptime(from, time.Hour)); n < 40 || n > 61 {
						t.Errorf("%d requests in an hour, want one a minute", n)
					}
					h.deliver(time.Hour)
					if _, uncertain := h.check(); len(uncertain) > 0 {
						t.Errorf("%d events are uncertain", len(uncertain))
					}
					if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], name[:3]) {
						t.Errorf("logged %q", lines)
					}
				})
			})
		}
	}
}
