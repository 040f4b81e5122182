package genai_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/auth"
	"google.golang.org/genai"

	sentrialgenai "github.com/sentrial/sentrial-go/integrations/genai"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

func serve(t *testing.T) *fakellm.Server {
	t.Helper()
	fake, err := fakellm.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake
}

// say asks in a session and gives the one call that was recorded, which must not hold the secret.
func say(t *testing.T, rec *sentrialtest.Recorder, model *genai.Client, secret string) types.LLMCall {
	t.Helper()
	if err := rec.Client().Run(t.Context(), t.Name(), func(ctx context.Context) error {
		_, err := model.Models.GenerateContent(ctx, "gemini-2.5-flash", genai.Text("hello"), nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	calls := rec.LLMCalls()
	if len(calls) != 1 {
		t.Fatalf("%d calls of a model, want 1:\n%s", len(calls), rec.Timeline())
	}
	recorded, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(recorded), secret) {
		t.Errorf("the key was recorded: %s", recorded)
	}
	return calls[0]
}

func TestKeysAreNotRecorded(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t)
	say(t, rec, newClient(t, rec.Client(), config(fake.URL())), "AIza-secret")
	if key := fake.Requests()[0].Header.Get("X-Goog-Api-Key"); key != "AIza-secret" {
		t.Errorf("sent with the key %q, want AIza-secret", key)
	}
}

// token is a credential that says the same to everybody.
type token string

func (k token) Token(context.Context) (*auth.Token, error) {
	return &auth.Token{Value: string(k), Type: "Bearer", Expiry: time.Now().Add(time.Hour)}, nil
}

func TestVertexAIGoesOnAuthenticating(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t)
	model := newClient(t, rec.Client(), &genai.ClientConfig{
		Backend: genai.BackendVertexAI, Project: "shop", Location: "europe-west1", Credentials: auth.NewCredentials(&auth.CredentialsOptions{
			TokenProvider:          token("ya29-secret"),
			QuotaProjectIDProvider: auth.CredentialsPropertyFunc(func(context.Context) (string, error) { return "shop", nil }),
		}),
		HTTPOptions: genai.HTTPOptions{BaseURL: fake.URL()},
	})
	call := say(t, rec, model, "ya29-secret")
	if call.Model != "gemini-2.5-flash" {
		t.Errorf("recorded the model %q, want gemini-2.5-flash", call.Model)
	}
	if sent := fake.Requests()[0].Header.Get("Authorization"); sent != "Bearer ya29-secret" {
		t.Errorf("sent with the authorization %q, want the credentials'", sent)
	}
}

// counting counts what is sent by the program's own HTTP client.
type counting struct{ requests int }

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	c.requests++
	return http.DefaultTransport.RoundTrip(req)
}

func TestTheConfigurationIsNotChanged(t *testing.T) {
	rec, fake, transport := sentrialtest.New(t), serve(t), &counting{}
	own := &http.Client{Transport: transport, Timeout: time.Minute}
	given := config(fake.URL())
	given.HTTPClient = own
	model := newClient(t, rec.Client(), given)
	say(t, rec, model, "AIza-secret")
	if given.HTTPClient != own || own.Transport != http.RoundTripper(transport) {
		t.Error("the configuration's HTTP client was changed, want a copy")
	}
	if used := model.ClientConfig().HTTPClient; used.Timeout != time.Minute || transport.requests != 1 {
		t.Errorf("a time-out of %v and %d requests by the program's transport, want 1m and 1", used.Timeout, transport.requests)
	}
}

func TestWithoutConfigurationTheErrorIsGenais(t *testing.T) {
	for _, name := range []string{"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"} {
		t.Setenv(name, "")
	}
	_, want := genai.NewClient(t.Context(), nil)
	if _, err := sentrialgenai.NewClient(t.Context(), nil, nil); err == nil || want == nil {
		t.Errorf("the error is %v, want one as genai's: %v", err, want)
	}
}

func TestWithSessionIsForCallsWithoutOne(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t)
	_, session := rec.Client().CreateSession(t.Context(), "fallback")
	model := newClient(t, rec.Client(), config(fake.URL()), sentrialgenai.WithSession(session))
	if _, err := model.Models.GenerateContent(t.Context(), "gemini-2.5-flash", genai.Text("hello"), nil); err != nil {
		t.Fatal(err)
	}
	session.Close(t.Context(), types.SessionResult{})
	rec.In("fallback").WantModels("gemini-2.5-flash")
}

func TestEmbeddings(t *testing.T) {
	rec, fake := sentrialtest.New(t), serve(t)
	model := newClient(t, rec.Client(), config(fake.URL()))
	ctx, session := rec.Client().CreateSession(t.Context(), "embed")
	if _, err := model.Models.EmbedContent(ctx, "gemini-embedding-001", genai.Text("one text"), nil); err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	calls := rec.LLMCalls()
	if len(calls) != 1 || calls[0].Operation != "embeddings" || calls[0].Provider != "gcp.gemini" {
		t.Errorf("recorded %+v, want embeddings by gcp.gemini", calls)
	}
}
