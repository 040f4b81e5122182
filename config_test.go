package sentrial_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// badSetting is a value that New must refuse, with what the error has to say beside the name.
type badSetting struct{ value, want string }

var badVariables = map[string][]badSetting{
	"SENTRIAL_API_KEY":        {{"a\nb", "visible ASCII"}, {"schlüssel", "visible ASCII"}},
	"SENTRIAL_PROJECT_ID":     {{"a b", "1 to 128 characters"}},
	"SENTRIAL_PROJECT":        {{"a b", "1 to 128 characters"}},
	"SENTRIAL_API_URL":        {{"localhost:7437", "http or https"}, {"ftp://x", "http or https"}, {"http://", "http or https"}, {"http://h/?q=1", "scheme, host and path"}, {"://", "http"}},
	"SENTRIAL_TIMEOUT":        {{"soon", "duration"}, {"0", "above zero"}, {"-1s", "above zero"}, {"NaN", "duration"}, {"-Inf", "duration"}, {"1e30", "duration"}},
	"SENTRIAL_FLUSH_INTERVAL": {{"1 s", "duration"}, {"0s", "above zero"}},
	"SENTRIAL_MAX_RETRIES":    {{"-1", "0 or more"}, {"many", "whole number"}, {"1.5", "whole number"}},
	"SENTRIAL_BATCH_BYTES":    {{"0", "1 or more"}, {"1MB", "number of bytes"}},
	"SENTRIAL_QUEUE_BYTES":    {{"-1", "1 or more"}, {"99999999999999999999", "number of bytes"}},
	"SENTRIAL_OVERFLOW":       {{"drop", "drop_oldest, drop_newest, degrade or block"}, {"1", "drop_oldest, drop_newest, degrade or block"}},
	"SENTRIAL_COMPRESSION":    {{"brotli", "auto, none, gzip or zstd"}},
	"SENTRIAL_PROTOCOL":       {{"grpc", "auto, batch or hosted"}, {"http", "auto, batch or hosted"}},
	"SENTRIAL_LOG":            {{"loud", "debug, info, warn or off"}},
	"SENTRIAL_DISABLED":       {{"perhaps", "true or false"}},
	"SENTRIAL_CONTENT":        {{"none", "full, hashed or metadata"}, {"1", "full, hashed or metadata"}},
	"SENTRIAL_SAMPLE_RATE":    {{"all", "from 0"}, {"50%", "from 0"}, {"1.01", "to 1"}, {"-0.1", "from 0"}, {"NaN", "a number"}, {"Inf", "to 1"}, {"1e400", "to 1"}},
	"SENTRIAL_PRICES":         {{"no-such-file.json", "a file of prices, or off"}},
	"SENTRIAL_SPOOL_SYNC":     {{"-1s", "a duration such as 100ms, or 0"}, {"soon", "a duration such as 100ms, or 0"}},
}

func TestBadVariables(t *testing.T) {
	for name, settings := range badVariables {
		for _, bad := range settings {
			t.Run(name+"="+bad.value, func(t *testing.T) {
				t.Setenv(name, bad.value)
				client, err := sentrial.New()
				var option *sentrial.OptionError
				if !errors.As(err, &option) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), bad.want) {
					t.Errorf("New gave %v, want an *OptionError that names %s and says %q", err, name, bad.want)
				}
				if client != nil {
					t.Errorf("New gave a client beside the error")
				}
				ctx, session := client.CreateSession(t.Context(), "s") // a program that ignores the error goes on
				recordsNothing(t, ctx, session)
			})
		}
	}
}

func TestBadOptions(t *testing.T) {
	for name, bad := range map[string]struct {
		option sentrial.Option
		want   string
	}{
		"WithTimeout":       {sentrial.WithTimeout(0), "above zero"},
		"WithFlushInterval": {sentrial.WithFlushInterval(-time.Second), "above zero"},
		"WithCloseTimeout":  {sentrial.WithCloseTimeout(0), "above zero"},
		"WithMaxRetries":    {sentrial.WithMaxRetries(-1), "0 or more"},
		"WithBatchBytes":    {sentrial.WithBatchBytes(-1), "1 or more"},
		"WithQueueBytes":    {sentrial.WithQueueBytes(0), "1 or more"},
		"WithOverflow":      {sentrial.WithOverflow(sentrial.Block + 1), "one of the Overflow constants"},
		"WithCompression":   {sentrial.WithCompression(7), "Compression"},
		"WithContent":       {sentrial.WithContent(3), "ContentFull, ContentHashed or ContentMetadata"},
		"WithSampleRate":    {sentrial.WithSampleRate(math.NaN()), "from 0 (no session) to 1 (every session)"},
		"WithProtocol":      {sentrial.WithProtocol(sentrial.ProtocolHosted + 1), "one of the Protocol constants"},
		"WithAPIKey":        {sentrial.WithAPIKey("hush\n"), "visible ASCII"},
		"WithProjectID":     {sentrial.WithProjectID("a b"), "1 to 128 characters"},
		"WithAPIURL":        {sentrial.WithAPIURL("http://user:hush@host"), "scheme, host and path"},
		"WithHook":          {sentrial.WithHook(sentrial.WithHook), "OnStart or OnEnd"},
	} {
		client, err := sentrial.New(bad.option)
		var option *sentrial.OptionError
		if !errors.As(err, &option) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), bad.want) || client != nil {
			t.Errorf("%s: New gave %v, want an *OptionError that names it and says %q", name, err, bad.want)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, option, option), "hush") {
			t.Errorf("%s: the error %v holds a secret", name, err)
		}
	}
	for name, bad := range map[string]sentrial.Option{
		"WithHook(nil)": sentrial.WithHook(nil), "WithContent(-1)": sentrial.WithContent(-1), "WithSampleRate(-0.1)": sentrial.WithSampleRate(-0.1),
		"WithSampleRate(1.1)": sentrial.WithSampleRate(1.1), "WithSampleRate(+Inf)": sentrial.WithSampleRate(math.Inf(1)),
	} {
		if _, err := sentrial.New(bad); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// requestOf makes a client from the options, records one event and gives the request that carried it.
func requestOf(t *testing.T, opts ...sentrial.Option) *http.Request {
	t.Helper()
	wire := &wire{}
	client, err := sentrial.New(append(opts, sentrial.WithHTTPClient(wire.client()), sentrial.WithLogger(slog.New(slog.DiscardHandler)))...)
	if err != nil {
		t.Fatal(err)
	}
	client.Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(wire.requests) != 1 {
		t.Fatalf("%d requests, want 1", len(wire.requests))
	}
	wire.requests[0].Header.Set("Test-Body", wire.text())
	return wire.requests[0]
}

func TestVariablesAreUsed(t *testing.T) {
	for name, value := range map[string]string{
		"SENTRIAL_API_KEY": " key-1 ", "SENTRIAL_PROJECT_ID": "p1", "SENTRIAL_PROJECT": "p0", "SENTRIAL_API_URL": "https://api.example.com/base/", "SENTRIAL_COMPRESSION": "none",
		"SENTRIAL_SERVICE": "svc", "SENTRIAL_ENVIRONMENT": "prod", "SENTRIAL_RELEASE": "1.2", "SENTRIAL_TIMEOUT": "1.5", "SENTRIAL_MAX_RETRIES": "0", "SENTRIAL_FLUSH_INTERVAL": "20ms",
		"SENTRIAL_BATCH_BYTES": "1024", "SENTRIAL_QUEUE_BYTES": "8192", "SENTRIAL_OVERFLOW": "Drop_Newest", "SENTRIAL_PROTOCOL": "batch", "SENTRIAL_LOG": "off",
		"SENTRIAL_DISABLED": "false", "SENTRIAL_CONTENT": "Full", "SENTRIAL_SAMPLE_RATE": "1.0", "SENTRIAL_SPOOL_DIR": "", "SENTRIAL_SPOOL_SYNC": " ", "SENTRIAL_PRICES": "off",
	} {
		t.Setenv(name, value)
	}
	r := requestOf(t)
	if r.URL.String() != "https://api.example.com/base/v1/events" || r.Header.Get("Authorization") != "Bearer key-1" || r.Header.Get("X-Sentrial-Project") != "p1" {
		t.Errorf("%s with %v", r.URL, r.Header)
	}
	if body := r.Header.Get("Test-Body"); !strings.Contains(body, `"service":"svc","environment":"prod","release":"1.2"`) {
		t.Errorf("the batch says %.200s", body)
	}
	if deadline, ok := r.Context().Deadline(); !ok || time.Until(deadline) > 1500*time.Millisecond {
		t.Errorf("the request may take until %v, want 1.5 s at most: a bare number is seconds", deadline)
	}

	r = requestOf(t, nil, sentrial.WithAPIKey("key-2"), sentrial.WithProjectID("p2"), sentrial.WithAPIURL("http://127.0.0.1:1"), sentrial.WithService("svc2", "", "dev"))
	if r.URL.String() != "http://127.0.0.1:1/v1/events" || r.Header.Get("Authorization") != "Bearer key-2" || r.Header.Get("X-Sentrial-Project") != "p2" {
		t.Errorf("options: %s with %v, want them to win", r.URL, r.Header)
	}
	if body := r.Header.Get("Test-Body"); !strings.Contains(body, `"service":"svc2","environment":"dev"}`) {
		t.Errorf("options: the batch says %.200s", body)
	}
}

func TestProjectFromTheOlderVariable(t *testing.T) {
	t.Setenv("SENTRIAL_PROJECT", "p0")
	if got := requestOf(t, sentrial.WithAPIURL("http://127.0.0.1")).Header.Get("X-Sentrial-Project"); got != "p0" {
		t.Errorf("project = %q, want p0", got)
	}
}

func TestDefaults(t *testing.T) {
	r := requestOf(t, sentrial.WithAPIKey("k"), sentrial.WithCompression(sentrial.CompressionNone))
	if r.URL.String() != "https://api.realm.ai/v1/events" || r.Header.Get("X-Sentrial-Project") != "" {
		t.Errorf("%s with %v", r.URL, r.Header)
	}
	if deadline, _ := r.Context().Deadline(); time.Until(deadline) < 20*time.Second {
		t.Errorf("the request may take until %v, want 30 s", deadline)
	}
}

// TestQueueVariables: the smallest queue refuses the newest events.
func TestQueueVariables(t *testing.T) {
	t.Setenv("SENTRIAL_QUEUE_BYTES", "8192")
	t.Setenv("SENTRIAL_OVERFLOW", "drop_newest")
	t.Setenv("SENTRIAL_BATCH_BYTES", "1024")
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		client := newClient(t, stuckTransport(release))
		session := client.Session("s")
		first, last := session.TrackStep(t.Context(), types.Step{Name: "x"}), ""
		for range 200 {
			last = session.TrackStep(t.Context(), types.Step{Name: strings.Repeat("x", 100)})
		}
		stats := client.Stats()
		if first == "" || last != "" || stats.Refused[sentrial.DropOverflow] == 0 || stats.Dropped[sentrial.DropOverflow] != 0 {
			t.Errorf("first id %q, last %q, stats %+v; want the newest refused", first, last, stats)
		}
		close(release)
	})
}

func TestFlushIntervalFromTheEnvironment(t *testing.T) {
	t.Setenv("SENTRIAL_FLUSH_INTERVAL", "20")
	synctest.Test(t, func(t *testing.T) {
		wire := &wire{}
		client := newClient(t, wire)
		client.Session("s").TrackStep(t.Context(), types.Step{Name: "x"})
		time.Sleep(19 * time.Second)
		synctest.Wait()
		before := len(wire.events(t))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if before != 0 || len(wire.events(t)) != 1 {
			t.Errorf("%d events after 19 s, %d after 21 s; want 0 and 1", before, len(wire.events(t)))
		}
	})
}

func TestLogLevelFromTheEnvironment(t *testing.T) {
	for level, want := range map[string]int{"warn": 1, "WARN": 1, "debug": 1, "off": 0} {
		t.Setenv("SENTRIAL_LOG", level)
		var log logged
		if _, err := sentrial.New(sentrial.WithLogger(log.logger())); err != nil || len(log.lines()) != want { // without a key there is something to say
			t.Errorf("SENTRIAL_LOG=%s: %q (%v), want %d lines", level, log.lines(), err, want)
		}
	}
}

// TestKeyIsNeverPrinted: whatever a program logs of the SDK, the key is not in it. It prints after Close, as fmt looks at fields that others still write before.
func TestKeyIsNeverPrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const key = "sk-very-secret"
		var log logged
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			return jsonReply(r, http.StatusUnauthorized, `{"error":{"code":"invalid_api_key","message":"`+r.Header.Get("Authorization")+`"}}`), nil
		}), sentrial.WithAPIKey(key), sentrial.WithLogger(log.logger()))
		ctx, session := client.CreateSession(t.Context(), "s")
		_, span := sentrial.StartTool(ctx, types.ToolCall{})
		_, err := client.GetSession(ctx, "s")
		span.End(nil)
		closed := client.Close(ctx)
		if closed == nil || err == nil {
			t.Fatalf("the server refuses the key, and GetSession gave %v, Close %v", err, closed)
		}
		for _, v := range []any{client, *session, session, span, sentrial.WithAPIKey(key), client.Stats(), err, closed, ctx} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
				if strings.Contains(fmt.Sprintf(verb, v), key) {
					t.Errorf("%s of a %T shows the key", verb, v)
				}
			}
		}
		if strings.Contains(strings.Join(log.lines(), "\n"), key) {
			t.Errorf("the log shows the key: %q", log.lines())
		}
	})
}
