package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// secretCanary stands for an API key or a token. No part of it of shownPart characters may be shown, either: a text that is cut is cut anywhere.
const (
	secretCanary = "sk-canary-7f3a9c1e5b8d2046-QWERTYUIOPasdfghjkl"
	shownPart    = 14
)

// leaks finds a part of the canary in a text.
func leaks(text string) string {
	for i := range len(secretCanary) - shownPart + 1 {
		if part := secretCanary[i : i+shownPart]; strings.Contains(text, part) {
			return part
		}
	}
	return ""
}

// echoes are servers and HTTP clients that repeat what the request's header held.
var echoes = map[string]step{
	"error body": func(r *sent) (*http.Response, error) {
		return reply(r, 400, fmt.Sprintf(`{"error":{"code":%q,"message":%[1]q,"request_id":%[1]q}}`, r.Header.Get("Authorization"))), nil
	},
	"flat error body": func(r *sent) (*http.Response, error) {
		return reply(r, 503, fmt.Sprintf(`{"error":%q,"message":%[1]q,"error_description":%[1]q,"request_id":%[1]q}`, secretCanary)), nil
	},
	"unauthorized": func(r *sent) (*http.Response, error) {
		return reply(r, 401, fmt.Sprintf(`{"error":{"code":"invalid_api_key","message":"no such key: %s"}}`, secretCanary), "WWW-Authenticate", "Bearer "+secretCanary), nil
	},
	"message that is cut inside": func(r *sent) (*http.Response, error) {
		return reply(r, 403, fmt.Sprintf(`{"error":{"code":"c","message":"%s%s"}}`, strings.Repeat("x ", 240), secretCanary)), nil
	},
	"escaped in the message": func(r *sent) (*http.Response, error) {
		return reply(r, 422, fmt.Sprintf(`{"error":{"code":"c","message":"%s\u200b%s"}}`, secretCanary[:10], secretCanary[10:])), nil
	},
	"headers": func(r *sent) (*http.Response, error) {
		return reply(r, 500, ``, "X-Request-Id", secretCanary, "Retry-After", secretCanary, "X-RateLimit-Reset", secretCanary, "Date", secretCanary, "Server", secretCanary), nil
	},
	"content type": func(r *sent) (*http.Response, error) {
		return reply(r, 200, `<html>`+secretCanary, "Content-Type", secretCanary), nil
	},
	"portal": func(r *sent) (*http.Response, error) {
		return reply(r, 200, `<html>`+secretCanary+`</html>`, "Content-Type", "text/html"), nil
	},
	"JSON that is none":          answers(secretCanary),
	"JSON of another kind":       answers(fmt.Sprintf(`{"accepted":%q,"data":%[1]q,"id":{%[1]q:1}}`, secretCanary)),
	"JSON with fields of others": answers(fmt.Sprintf(`{"data":[{"id":"e","type":%q,"timestamp":%[1]q,"status":%[1]q}],"id":"s","status":{},"created_at":%[1]q}`, secretCanary)),
	"redirect": func(r *sent) (*http.Response, error) {
		return reply(r, 307, secretCanary, "Location", "https://other.example.com/?key="+secretCanary), nil
	},
	"redirect to nowhere": func(r *sent) (*http.Response, error) {
		return reply(r, 308, secretCanary, "Location", "https://%zz/"+secretCanary), nil
	},
	"rejection": func(r *sent) (*http.Response, error) {
		var rejected []string
		for _, id := range r.ids {
			rejected = append(rejected, fmt.Sprintf(`{"id":%q,"code":%q,"message":%[2]q,"retry":false}`, id, secretCanary))
		}
		return reply(r, 200, `{"accepted":0,"duplicates":0,"rejected":[`+strings.Join(rejected, ",")+`]}`, "X-Request-Id", secretCanary), nil
	},
	"rejection to be sent again": func(r *sent) (*http.Response, error) {
		var rejected []string
		for _, id := range r.ids {
			rejected = append(rejected, fmt.Sprintf(`{"id":%q,"code":%q,"message":%[2]q,"retry":true}`, id, secretCanary))
		}
		return reply(r, 200, `{"accepted":0,"duplicates":0,"rejected":[`+strings.Join(rejected, ",")+`]}`), nil
	},
	"results": func(r *sent) (*http.Response, error) {
		var results []string
		for _, id := range r.ids {
			results = append(results, fmt.Sprintf(`{"id":%q,"status":400,"code":%q}`, id, secretCanary))
		}
		return reply(r, 207, `{"results":[`+strings.Join(results, ",")+`]}`), nil
	},
	"error of the HTTP client": func(r *sent) (*http.Response, error) {
		return nil, fmt.Errorf("cannot send %v to %v: %w", r.Header, r.URL, errNetwork)
	},
	"wrapped error of the HTTP client": func(*sent) (*http.Response, error) {
		return nil, fmt.Errorf("outer: %w", errors.Join(errNetwork, errors.New("bearer "+secretCanary)))
	},
	"panic of the HTTP client": func(r *sent) (*http.Response, error) { panic(r.Header) },
	"text panic of the HTTP client": func(r *sent) (*http.Response, error) {
		panic(fmt.Sprint(r.Header))
	},
	"cut reply": func(r *sent) (*http.Response, error) {
		response := reply(r, 200, "", "X-Request-Id", secretCanary)
		response.Body = readCloser{errorReader{fmt.Errorf("connection of %s was cut", secretCanary)}}
		return response, nil
	},
}

type readCloser struct{ errorReader }

func (readCloser) Close() error { return nil }

// canarySource gives the canary as a token; later it fails, saying which.
type canarySource struct{ asked int }

func (s *canarySource) Token(context.Context) (string, error) {
	if s.asked++; s.asked%4 == 0 {
		return "", errors.New("cannot renew " + secretCanary)
	}
	return secretCanary, nil
}

func (s *canarySource) Invalidate() { panic(secretCanary) }

// shown is all that a program can see of a client.
type shown struct {
	mu    sync.Mutex
	texts []string
	text  logged // the log of a text handler
	json  logged
}

func (s *shown) logger() *slog.Logger {
	debug := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	return slog.New(bothHandlers{slog.NewTextHandler(&s.text, debug), slog.NewJSONHandler(&s.json, debug)})
}

// bothHandlers writes each record twice.
type bothHandlers struct {
	slog.Handler
	second slog.Handler
}

func (h bothHandlers) Handle(ctx context.Context, r slog.Record) error {
	return errors.Join(h.Handler.Handle(ctx, r), h.second.Handle(ctx, r))
}

func (s *shown) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = append(s.texts, text)
}

// print keeps v as a program might print it.
func (s *shown) print(values ...any) {
	for _, v := range values {
		s.add(fmt.Sprintf("%T: %v\n%+v\n%#v\n%s\n%q", v, v, v, v, v, v))
		if b, err := json.Marshal(v); err == nil {
			s.add(string(b))
		}
		s.logger().Info("print", "value", v)
	}
}

// errors keeps an error and all that is inside it.
func (s *shown) errors(errs ...error) {
	for _, err := range errs {
		if err == nil {
			continue
		}
		s.add(fmt.Sprintf("%v %+v %s %q", err, err, err, err))
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			s.errors(joined.Unwrap()...)
		}
		s.errors(errors.Unwrap(err))
		var api *sentrial.APIError
		if errors.As(err, &api) {
			s.print(*api)
		}
	}
}

func (s *shown) check(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range slices.Concat(s.texts, s.text.lines(), s.json.lines()) {
		if part := leaks(text); part != "" {
			at := strings.Index(text, part)
			t.Errorf("%q is shown: …%s", part, text[max(0, at-100):min(len(text), at+100)])
			return // one is enough to see where it comes from
		}
	}
	if len(s.text.lines()) == 0 {
		t.Error("nothing was logged")
	}
}

// TestRow71SecretsAreNowhere: whatever server and HTTP client repeat, and however the secret is given.
func TestRow71SecretsAreNowhere(t *testing.T) {
	for name, echo := range echoes {
		for given, option := range map[string]func() sentrial.Option{
			"key":   func() sentrial.Option { return sentrial.WithAPIKey(secretCanary) },
			"token": func() sentrial.Option { return sentrial.WithTokenSource(&canarySource{}) },
		} {
			t.Run(name+", "+given, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { checkSecret(t, echo, option()) })
			})
		}
	}
}

// checkSecret uses a client with the secret in every way while the server answers with echo, and looks at all there is to see.
func checkSecret(t *testing.T, echo step, secret sentrial.Option) {
	out := new(shown)
	server := &script{t: t, rest: func(r *sent) (*http.Response, error) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+secretCanary {
			t.Errorf("a request carried %q", got)
		}
		return echo(r)
	}}
	client := newClient(t, anyMethod{server}, secret, sentrial.WithLogger(out.logger()), sentrial.WithOnDrop(func(d sentrial.Drop) {
		out.errors(d.Err)
		out.print(d)
	}))
	ctx, session := client.CreateSession(t.Context(), "s")
	_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
	for range 6 {
		record(t, client, 2)
		time.Sleep(2 * time.Minute)
		out.errors(client.Stats().LastError)
	}
	reading, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, read := range sequences(reading, client) {
		out.errors(errorOf(read))
	}
	sentrial.Inject(ctx, sentrial.MapCarrier{})
	closing, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err := client.Close(closing)
	out.errors(err)
	out.print(client, session, span, client.Stats(), secret, ctx, err)
	synctest.Wait()
	out.check(t)
}

// errorOf is what reading gives. A panic of the program's HTTP client on the program's own goroutine is its own.
func errorOf(read func() error) (err error) {
	defer func() { _ = recover() }()
	return read()
}

// anyMethod lets requests without a body through to a script, which reads batches only.
type anyMethod struct{ *script }

func (m anyMethod) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		return m.script.RoundTrip(r)
	}
	return m.rest(&sent{Request: r})
}

// TestRow71ReadErrors: what reading says of a server that repeats the secret. (Flush comes before reading, so the events must have arrived.)
func TestRow71ReadErrors(t *testing.T) {
	for name, echo := range echoes {
		t.Run(name, func(t *testing.T) {
			out := new(shown)
			client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) { return echo(&sent{Request: r}) }), sentrial.WithAPIKey(secretCanary))
			failed := 0
			for _, read := range sequences(t.Context(), client) {
				if err := errorOf(read); err != nil {
					out.errors(err)
					failed++
				}
			}
			out.logger().Info("something")
			out.check(t)
			if failed == 0 && !strings.Contains(name, "panic") && !strings.HasPrefix(name, "re") {
				t.Error("no reading failed")
			}
		})
	}
}

// TestRow71BadConfigurations: the errors of New name the option and not the secret, also when it was given for something else.
func TestRow71BadConfigurations(t *testing.T) {
	out := new(shown)
	for name, options := range map[string][]sentrial.Option{
		"key with a line break":  {sentrial.WithAPIKey(secretCanary + "\n")},
		"key in the URL's user":  {sentrial.WithAPIKey(secretCanary), sentrial.WithAPIURL("https://" + secretCanary + "@api.example.com")},
		"key in the URL's query": {sentrial.WithAPIKey(secretCanary), sentrial.WithAPIURL("https://api.example.com/?key=" + secretCanary)},
		"key in the fragment":    {sentrial.WithAPIKey(secretCanary), sentrial.WithAPIURL("https://api.example.com/#" + secretCanary)},
		"key as the URL":         {sentrial.WithAPIKey(secretCanary), sentrial.WithAPIURL(secretCanary)},
		"key as the project":     {sentrial.WithAPIKey(secretCanary), sentrial.WithProjectID(secretCanary + "!")},
		"timeout":                {sentrial.WithAPIKey(secretCanary), sentrial.WithTimeout(-1)},
	} {
		client, err := sentrial.New(append(options, sentrial.WithLogger(out.logger()))...)
		if err == nil || client != nil {
			t.Errorf("%s: was taken", name)
		}
		out.errors(err)
		out.print(err)
		for _, o := range options {
			out.print(o)
		}
	}
	t.Setenv("SENTRIAL_API_KEY", secretCanary+"\x00"[:0]+" ☃")
	_, err := sentrial.New(sentrial.WithLogger(out.logger()))
	out.errors(err)
	out.logger().Info("something")
	out.check(t)
}
