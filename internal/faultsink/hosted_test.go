package faultsink_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// send makes one request of the hosted wire. headers are names and values.
func (l link) send(ctx context.Context, method, path, body string, headers ...string) answer {
	req, err := http.NewRequestWithContext(ctx, method, l.url+"/api/sdk/"+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Sentrial-Client", "client")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return l.do(req)
}

// The bodies of a session s, as the SDK sends them.
const creation = `{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"s","event_id":"start","seq":1,"timestamp":"2026-01-02T03:04:05Z"}}`

func toolCall(session, id string) string {
	return `{"sessionId":"` + session + `","eventType":"tool_call","toolName":"t","metadata":{"event_id":"` + id + `","seq":2,"timestamp":"2026-01-02T03:04:06Z"}}`
}

const completion = `{"status":"completed","success":true,"metadata":{"event_id":"end","seq":9,"timestamp":"2026-01-02T03:04:07Z"}}`

// create makes session s and returns the id that the sink gave it.
func (l link) create(t *testing.T) string {
	t.Helper()
	a := l.send(t.Context(), http.MethodPost, "sessions", creation)
	var s struct{ ID, Name, AgentName, UserID, Status, CreatedAt string }
	if err := json.Unmarshal([]byte(a.text), &s); err != nil || s.ID == "" || s.Name+s.AgentName+s.UserID+s.Status != "nauactive" || s.CreatedAt == "" {
		t.Fatalf("creating a session: %v", a)
	}
	return s.ID
}

// good sends what must get 200.
func (l link) good(t *testing.T, method, path, body string) answer {
	t.Helper()
	a := l.send(t.Context(), method, path, body)
	if a.err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: got %v, want 200", method, path, a)
	}
	return a
}

func (l link) record(t *testing.T, session, id string) {
	l.good(t, "POST", "events", toolCall(session, id))
}

func (l link) end(t *testing.T, session string) { l.good(t, "PATCH", "sessions/"+session, completion) }

func TestHostedSession(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.NewHosted()
		l := to(sink)
		id := l.create(t)
		if got := l.good(t, "POST", "events", toolCall(id, "a")); !strings.Contains(got.text, `"sessionId":"`+id+`"`) || !strings.Contains(got.text, `"toolName":"t"`) || strings.Contains(got.text, `"id":"a"`) {
			t.Errorf("an event got %s", got.text)
		}
		for range 2 {
			if got := l.good(t, "PATCH", "sessions/"+id, completion); !strings.Contains(got.text, `"status":"completed"`) || !strings.Contains(got.text, `"id":"`+id+`"`) {
				t.Errorf("the end got %s", got.text)
			}
		}
		report := sink.Report()
		if err := report.Check([]string{"a"}); err != nil {
			t.Error(err)
		}
		for id, want := range map[string]faultsink.Event{
			"start": {Type: "session_start", Seq: 1}, "a": {Type: "tool_call", Seq: 2}, "end": {Type: "session_end", Seq: 9},
		} {
			e, _ := report.Event(id)
			if e.Type != want.Type || e.Seq != want.Seq || e.SessionID != "s" || e.Client != "client" || e.Timestamp.Year() != 2026 || len(e.JSON) == 0 {
				t.Errorf("stored %s as %+v", id, e)
			}
		}
		if len(report.Stored) != 3 || report.Sessions != 1 || report.Twins != 0 || len(report.Requests) != 4 || report.Resent != 1 {
			t.Errorf("%d rows, %d sessions, %d twins, %d requests, %d resent", len(report.Stored), report.Sessions, report.Twins, len(report.Requests), report.Resent)
		}
	})
}

func TestHostedRefusals(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", "sessions", `{"agentName":"a","userId":"u"}`, 400, "name is required"},
		{"POST", "sessions", `{"name":"n","userId":"u"}`, 400, "agentName is required"},
		{"POST", "sessions", `{"name":"n","agentName":"a","userId":""}`, 400, "userId is required"},
		{"POST", "sessions", `{"name":7}`, 400, "no JSON object"},
		{"POST", "sessions", `[]`, 400, "no JSON object"},
		{"POST", "events", `{"eventType":"tool_call"}`, 400, "sessionId is required"},
		{"POST", "events", `{"sessionId":"SESSION"}`, 400, "eventType is required"},
		{"POST", "events", `{"sessionId":"SESSION","eventType":"step"}`, 400, `eventType "step" is unknown`},
		{"POST", "events", gzipped(toolCall("SESSION", "a")), 400, "no JSON object"},
		{"POST", "events", toolCall("s", "a"), 404, "no session has the id s"},
		{"PATCH", "sessions/SESSION", `{"status":"active"}`, 400, "neither completed nor failed"},
		{"PATCH", "sessions/SESSION", `null`, 400, "no JSON object"},
		{"PATCH", "sessions/s", completion, 404, "no session has the id s"},
		{"PATCH", "sessions", completion, 404, "no such path"},
		{"PATCH", "sessions/SESSION/events", completion, 404, "no such path"},
		{"GET", "sessions/SESSION", "", 404, "no such path"},
		{"POST", "batch", "{}", 404, "no such path"},
	} {
		sink := faultsink.NewHosted()
		l := inMemory(t, sink)
		id := l.create(t)
		got := l.send(t.Context(), c.method, strings.ReplaceAll(c.path, "SESSION", id), strings.ReplaceAll(c.body, "SESSION", id))
		var reply struct{ Error, Message string }
		if err := json.Unmarshal([]byte(got.text), &reply); err != nil || got.StatusCode != c.status || !strings.Contains(reply.Message, c.says) || reply.Error == "" {
			t.Errorf("%s %s %.60q: got %v, want %d and %q", c.method, c.path, c.body, got, c.status, c.says)
		}
		if report := sink.Report(); len(report.Stored) != 1 || report.Check(nil) == nil {
			t.Errorf("%s %s %.60q: stored %+v", c.method, c.path, c.body, report.Stored)
		}
	}
}

// The type of an event is the one that the batch protocol has for it.
func TestHostedTypes(t *testing.T) {
	for fields, want := range map[string]string{
		`"eventType":"tool_call","toolName":"t"`:                          "tool_call",
		`"eventType":"tool_call","toolName":"llm:openai:gpt-5"`:           "llm_call",
		`"eventType":"llm_decision"`:                                      "decision",
		`"eventType":"error","toolError":{"message":"m"}`:                 "error",
		`"eventType":"state_change"`:                                      "step",
		`"eventType":"state_change","metadata":{"event_type":"feedback"}`: "feedback",
		`"eventType":"state_change","metadata":{"event_type":"the program's","sentrial_event_type":"session_alias"}`:             "session_alias",
		`"eventType":"state_change","metadata":{"event_id":7,"sentrial_event_id":"its","event_type":{},"seq":"x","timestamp":1}`: "step",
	} {
		sink := faultsink.NewHosted()
		l := inMemory(t, sink)
		l.good(t, "POST", "events", `{"sessionId":"`+l.create(t)+`",`+fields+`}`)
		e := sink.Report().Stored[1]
		if e.Type != want || e.SessionID != "s" || e.ID == "" || strings.Contains(fields, "its") != (e.ID == "its") {
			t.Errorf("%s: got %+v, want type %s", fields, e, want)
		}
	}
}

// What each step does to an event on the hosted wire: the status that the client sees (0 = no reply), something of the reply, whether its body ends early, and
// whether the sink read and stored the event.
func TestStepsOnTheHostedWire(t *testing.T) {
	for _, c := range []struct {
		name         string
		step         faultsink.Step
		status       int
		text         string
		cut          bool
		read, stored int
	}{
		{name: "accept", step: faultsink.Accept, status: 200, text: `"eventType":"tool_call"`, read: 1, stored: 1},
		{name: "status", step: faultsink.Status(429, faultsink.RetryAfter(time.Second)), status: 429, text: `{"error":"rate_limited","message":"the plan answers 429"}`, read: 1},
		{name: "reset", step: faultsink.Reset},
		{name: "reset after the body", step: faultsink.ResetAfterBody, read: 1},
		{name: "reply lost", step: faultsink.LoseReply, read: 1, stored: 1},
		{name: "committed, then 504", step: faultsink.CommitThen(faultsink.Status(504)), status: 504, text: `"gateway_timeout"`, read: 1, stored: 1},
		{name: "garbage", step: faultsink.Garbage, status: 200, text: `]]`, read: 1},
		{name: "portal", step: faultsink.Portal, status: 200, text: "<!doctype html>", read: 1},
		{name: "cut", step: faultsink.Cut(faultsink.Accept), status: 200, text: `{"`, cut: true, read: 1, stored: 1},
		{name: "endless", step: faultsink.Endless, status: 200, text: strings.Repeat(" ", 4<<20), read: 1},
		{name: "redirect", step: faultsink.Redirect(307), status: 307, read: 1},
		{name: "rejected for good", step: faultsink.Reject(faultsink.Marked(`"a"`), "code", false), status: 400, text: `{"error":"code","message":"the plan rejects this event"}`, read: 1},
		{name: "rejected, to come again", step: faultsink.Reject(faultsink.Marked(`"a"`), "code", true), status: 503, text: `"code"`, read: 1},
		{name: "another rejected", step: faultsink.Reject(faultsink.Marked(`"b"`), "code", true), status: 200, read: 1, stored: 1},
		{name: "twice", step: faultsink.CommitThen(faultsink.Accept), status: 200, read: 1, stored: 2},
	} {
		each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
			sink := faultsink.NewHosted(faultsink.When(faultsink.Recording, c.step))
			l := to(sink)
			got := l.send(t.Context(), "POST", "events", toolCall(l.create(t), "a"))
			status := 0
			if got.Response != nil {
				status = got.StatusCode
			}
			report := sink.Report()
			if status != c.status || !strings.Contains(got.text, c.text) || (got.err != nil) != (c.cut || c.status == 0) {
				t.Errorf("%s: got %v; want status %d, text %.100q, cut %v", c.name, got, c.status, c.text, c.cut)
			}
			if report.Received != 1+c.read || len(report.Stored) != 1+c.stored || report.Requests[1].Status != c.status {
				t.Errorf("%s: read %d, stored %d, noted status %d; want %d, %d, %d", c.name, report.Received-1, len(report.Stored)-1, report.Requests[1].Status, c.read, c.stored, c.status)
			}
		})
	}
}

// Rules look at hosted requests as they do at batches.
func TestRulesOfTheHostedWire(t *testing.T) {
	token := faultsink.NewToken("t")
	for _, c := range []struct {
		name                string
		rule                faultsink.Rule
		create, record, end int
	}{
		{"creating", faultsink.When(faultsink.Creating, faultsink.CommitThen(faultsink.Status(500))), 500, 200, 200},
		{"recording", faultsink.When(faultsink.All(faultsink.Recording, faultsink.Holding(`"a"`)), faultsink.Status(500)), 200, 500, 200},
		{"ending", faultsink.When(faultsink.Ending, faultsink.Status(500)), 200, 200, 500},
		{"holding", faultsink.When(faultsink.Holding(`"completed"`), faultsink.Status(500)), 200, 200, 500},
		{"limit", faultsink.Limit(faultsink.Limits{WireBytes: int64(len(completion))}), 413, 413, 200},
		{"sequence", faultsink.Sequence(faultsink.Accept, faultsink.Status(500)), 200, 500, 200},
		{"token", faultsink.Authorize(token), 401, 401, 401},
	} {
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("mine", faultsink.Accept)), c.rule)
		l := inMemory(t, sink)
		if id := l.send(t.Context(), "POST", "sessions", creation).text; !strings.Contains(id, `"id":"mine"`) {
			t.Errorf("%s: the first session is %s", c.name, id)
		}
		got := []int{
			l.send(t.Context(), "POST", "sessions", creation).StatusCode, l.send(t.Context(), "POST", "events", toolCall("mine", "a")).StatusCode,
			l.send(t.Context(), "PATCH", "sessions/mine", completion).StatusCode,
		}
		wantStatuses(t, c.name, got, []int{c.create, c.record, c.end})
	}
}

// A hosted request is reset, hangs, drips and waits as a batch does.
func TestTimeOnTheHostedWire(t *testing.T) {
	if got := overTCP(t, faultsink.NewHosted(faultsink.Always(faultsink.LoseReply))).send(t.Context(), "POST", "sessions", creation); !errors.Is(got.err, syscall.ECONNRESET) {
		t.Errorf("got %v, want a reset", got)
	}
	for name, step := range map[string]faultsink.Step{
		"hang": faultsink.Hang, "hang unread": faultsink.HangUnread, "slow reply": faultsink.Slowly(time.Minute, faultsink.Accept), "slow reading": faultsink.ReadSlowly(1, time.Minute, faultsink.Accept),
		"wait": faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Hour), faultsink.Accept),
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			sink := faultsink.NewHosted(faultsink.Always(step))
			if got := inMemory(t, sink).send(ctx, "POST", "sessions", creation); !errors.Is(got.err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v, want no answer in 10 s", name, got)
			}
			synctest.Wait()
			if n := sink.Report().Sessions; (n == 1) != (name == "slow reply") {
				t.Errorf("%s: %d sessions", name, n)
			}
		})
	}
}
