package sentrialtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestAgentProcess is the agent of TestServerOfAnotherProcess, in a process of its own; in the tests' process it does nothing.
func TestAgentProcess(t *testing.T) {
	if os.Getenv("AGENT_PROCESS") == "" {
		return
	}
	client, err := sentrial.New()
	if err != nil {
		t.Fatal(err)
	}
	err = client.Run(t.Context(), "far away", func(ctx context.Context) error {
		_, err := sentrial.Tool(ctx, "lookup", 42, func(context.Context, int) (string, error) { return "Ada", nil })
		return err
	})
	if err := errors.Join(err, client.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func TestServerOfAnotherProcess(t *testing.T) {
	srv := sentrialtest.Server(t)
	agent := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAgentProcess$")
	others := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SENTRIAL_") })
	agent.Env = append(others, "AGENT_PROCESS=1", "SENTRIAL_API_URL="+srv.URL())
	if out, err := agent.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	srv.WantTools("lookup")
	srv.WantToolInputs("lookup", 42)
	srv.WantToolOutputs("lookup", "Ada")
	srv.WantPath("far away > lookup")
	srv.WantStatus(types.StatusSuccess)
	srv.Golden("server")
}

// TestServerWaits for an agent that works on, without a poll.
func TestServerWaits(t *testing.T) {
	srv := sentrialtest.Server(t)
	client, err := sentrial.New(sentrial.WithAPIURL(srv.URL()), sentrial.WithFlushInterval(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close(t.Context())
	ctx, s := client.CreateSession(t.Context(), "s")
	if !srv.Wait(t.Context(), func() bool { return len(srv.Sessions()) == 1 }) {
		t.Error("Wait is false")
	}
	s.Close(ctx, types.SessionResult{})
	srv.Wait(t.Context(), func() bool { return srv.Sessions()[0].Status == types.StatusSuccess })
}

func TestServerWaitsNoLongerThanItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	f := judged("TestX", func(inner testing.TB) {
		srv := sentrialtest.Server(inner)
		looked := 0
		if srv.Wait(ctx, func() bool { looked++; cancel(errors.New("enough")); return false }) || looked != 1 {
			t.Errorf("Wait is true, or looked %d times", looked)
		}
	})
	if got, want := f.said(), "Wait: what was waited for did not happen: enough\nnothing was recorded: no request came to "; !strings.HasPrefix(got, want) {
		t.Errorf("the test failed with %q, want %q", got, want)
	}
}

// TestServerHasAClient too, for agents in the test's own process; reading waits for it.
func TestServerHasAClient(t *testing.T) {
	srv := sentrialtest.Server(t, sentrial.WithCompression(sentrial.CompressionZstd))
	if err := agent(t.Context(), srv.Client()); err != nil {
		t.Fatal(err)
	}
	srv.WantTools("search", "search")
	got, err := srv.Client().GetSession(t.Context(), srv.Sessions()[0].ID)
	if err != nil || got.Name != "look up" {
		t.Errorf("GetSession = %+v, %v", got, err)
	}
}

// TestServerTellsWhyThereIsNothing: an agent that never came, or whose requests brought nothing.
func TestServerTellsWhyThereIsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		requests []string
		want     string
	}{
		"none":    {nil, "no request came to URL; the agent sends elsewhere, or ended before it flushed or closed its client"},
		"healthy": {[]string{"GET /healthz"}, "1 request came to URL, and none brought an event"},
		"strange": {
			[]string{"POST /v2/events", "GET /", "GET /"},
			"3 requests came to URL, and none brought an event\nrequests came to POST /v2/events, GET /, which this server does not serve",
		},
		"hosted": {
			[]string{"POST /api/sdk/sessions"}, "1 request came to URL, and none brought an event\nrequests came to POST /api/sdk/sessions, " +
				"which this server does not serve: it takes the batch protocol only, so leave SENTRIAL_PROTOCOL and WithProtocol out",
		},
	} {
		f := judged("TestX", func(inner testing.TB) {
			srv := sentrialtest.Server(inner)
			for _, request := range c.requests {
				method, path, _ := strings.Cut(request, " ")
				status := sendTo(t, method, srv.URL()+path)
				if (status == http.StatusNotFound) == (name == "healthy") {
					t.Errorf("%s: status %d", path, status)
				}
			}
			srv.WantTools("x")
			c.want = strings.ReplaceAll(c.want, "URL", srv.URL())
		})
		if want := "WantTools: other tools were called\n got: (none)\nwant: x\nnothing was recorded: " + c.want; f.said() != want {
			t.Errorf("%s: the test failed with\n%s\nwant\n%s", name, f.said(), want)
		}
	}
}

// TestServerTellsOfStrangers also where something was recorded, but not of all that there may be.
func TestServerTellsOfStrangers(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		srv := sentrialtest.Server(inner)
		post(t, srv.URL(), "", []byte(batchOf(`{"id":"a","type":"step","session_id":"s"}`)))
		for i := range 20 {
			sendTo(t, http.MethodPut, fmt.Sprintf("%s/%d", srv.URL(), i))
		}
		srv.WantTools("x")
	})
	if got := f.said(); !strings.HasSuffix(got, "\n  +0s  step\nrequests came to PUT /0, PUT /1, PUT /2, PUT /3, PUT /4, PUT /5, PUT /6, PUT /7, which this server does not serve") {
		t.Errorf("the test failed with %q", got)
	}
}

// sendTo makes a request without a body and gives the reply's status.
func sendTo(t *testing.T, method, url string) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// TestNewRefusesTheHostedProtocol instead of losing every event.
func TestNewRefusesTheHostedProtocol(t *testing.T) {
	const want = "sentrialtest: WithProtocol: package sentrialtest takes the batch protocol only; leave ProtocolHosted out in tests"
	f := judged("TestX", func(inner testing.TB) { sentrialtest.New(inner, sentrial.WithProtocol(sentrial.ProtocolHosted)) })
	if got := f.said(); got != want {
		t.Errorf("the test failed with %q, want %q", got, want)
	}
}

// TestFailNextWantsAFailure.
func TestFailNextWantsAFailure(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		rec.FailNext(2, http.StatusOK)
		rec.Client().Session("s").TrackStep(t.Context(), types.Step{})
		rec.WantStatus(types.StatusActive)
	})
	if got, want := f.said(), "FailNext: 200 is no status of a failure: want 400 to 599"; got != want {
		t.Errorf("the test failed with %q, want %q", got, want)
	}
}

// TestServersFlaws: what another process left undone fails the test as well.
func TestServersFlaws(t *testing.T) {
	const running = `{"id":"a","type":"tool_call","session_id":"s","status":"running","tool_name":"hangs"}`
	const nameless = `{"type":"step","session_id":"s"}`
	f := judged("TestX", func(inner testing.TB) {
		srv := sentrialtest.Server(inner)
		post(t, srv.URL(), "", []byte(batchOf(running, nameless)))
	})
	const want = `sentrialtest: events were lost:
  rejected by the server:  event 1: id: want 1 to 128 characters of [A-Za-z0-9_.:-]
A test that means it says rec.Allow(sentrialtest.LostEvents).
sentrialtest: spans were begun and never ended:
  tool hangs
A test that means it says rec.Allow(sentrialtest.OpenSpans).`
	if got := f.said(); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

func batchOf(events ...string) string { return `{"events":[` + strings.Join(events, ",") + `]}` }

// post sends a body as a client would and gives the reply.
func post(t *testing.T, url, encoding string, body []byte) (status int, reply map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/events", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, reply
}

// TestServerSpeaksTheProtocol to clients in any language.
func TestServerSpeaksTheProtocol(t *testing.T) {
	srv := sentrialtest.Server(t)
	srv.Allow(sentrialtest.LostEvents)
	step := func(id string) []byte {
		return []byte(batchOf(fmt.Sprintf(`{"id":%q,"type":"step","session_id":"s","name":"n"}`, id)))
	}
	for _, c := range []struct {
		encoding string
		body     []byte
		status   int
		reply    string
	}{
		{"", step("a"), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`},
		{"identity", step("a"), 200, `{"accepted":0,"duplicates":1,"rejected":[]}`},
		{"gzip", gzipped(step("b")), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`},
		{"zstd", zstded(step("c")), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`},
		{"", []byte(batchOf(`{"id":"d","type":"step","session_id":"s","status":"running","name":"n"}`)), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`},
		{"", step("d"), 200, `{"accepted":1,"duplicates":0,"rejected":[]}`},
		{"", []byte(batchOf()), 200, `{"accepted":0,"duplicates":0,"rejected":[]}`},
		{"", []byte(batchOf(`{"id":"e","type":"step"}`, `7`)), 200, `{"accepted":0,"duplicates":0,"rejected":[
			{"id":"e","code":"validation_error","message":"event 0: session_id: want 1 to 128 characters of [A-Za-z0-9_.:-]","retry":false},
			{"id":"","code":"validation_error","message":"event 1: types: want an object, got number","retry":false}]}`},
		{"br", step("f"), 400, `{"error":{"code":"validation_error","message":"content encoding \"br\": want zstd, gzip or identity"}}`},
		{"gzip", step("f"), 400, `{"error":{"code":"validation_error","message":"gzip: invalid header"}}`},
		{"zstd", step("f"), 400, `{"error":{"code":"validation_error","message":"invalid input: magic number mismatch"}}`},
		{"", []byte("{"), 400, `{"error":{"code":"validation_error","message":"unexpected EOF"}}`},
	} {
		status, reply := post(t, srv.URL(), c.encoding, c.body)
		if got := fmt.Sprint(status, reply); got != fmt.Sprint(c.status, object(t, c.reply)) {
			t.Errorf("%q of %.60q: %s, want %d %s", c.encoding, c.body, got, c.status, c.reply)
		}
	}
	if n := len(srv.Events()); n != 4 {
		t.Errorf("%d events are there, want 4", n)
	}
	srv.FailNext(1, http.StatusServiceUnavailable)
	if status, _ := post(t, srv.URL(), "", step("g")); status != http.StatusServiceUnavailable {
		t.Errorf("FailNext: status %d", status)
	}
}

func object(t *testing.T, text string) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestServerIsHealthy(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, sentrialtest.Server(t).URL()+"/healthz", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); strings.TrimSpace(string(body)) != `{"protocols":["batch"],"service":"sentrial","status":"ok"}` {
		t.Errorf("healthz says %s", body)
	}
}

func gzipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text)
	_ = w.Close()
	return b.Bytes()
}

func zstded(text []byte) []byte {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(text, nil)
}

// FuzzTake sends whatever may come: the reply accounts for every event, and what was taken can be read.
func FuzzTake(f *testing.F) {
	f.Add([]byte(batchOf(`{"id":"a","type":"step","session_id":"s","name":"n"}`, `{"id":"a","type":"future","session_id":"s"}`)), "")
	f.Add(gzipped([]byte(batchOf(`{"id":"a","type":"session_end","session_id":"s","status":"error"}`))), "gzip")
	f.Add(zstded([]byte(batchOf("null", "[]", `{"id":"a"}`))), "zstd")
	f.Fuzz(func(t *testing.T, body []byte, encoding string) {
		inner := &fakeT{name: "TestX"}
		defer inner.end()
		rec := sentrialtest.New(inner)
		status, reply := sentrialtest.Post(rec, encoding, body)
		if status == http.StatusOK && !json.Valid(reply) || status != http.StatusOK && status != http.StatusBadRequest {
			t.Errorf("status %d: %s", status, reply)
		}
		rec.Sessions()
		rec.Timeline()
		sentrialtest.GoldenText(rec)
	})
}
