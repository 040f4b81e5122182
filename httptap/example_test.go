package httptap_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/types"
)

// Client libraries that take a function, as openai-go and anthropic-sdk-go do, take this one:
//
//	openai.NewClient(option.WithMiddleware(httptap.Middleware(client)))
//
// Here it is called as they call it.
func ExampleMiddleware() {
	server, model := startServer(), startModel()
	defer server.Close()
	defer model.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	middleware := httptap.Middleware(client)
	err = client.Run(ctx, "greet", func(ctx context.Context) error {
		question := strings.NewReader(`{"model": "gpt-4o", "messages": [{"role": "user", "content": "How are you?"}]}`)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, model.URL+"/v1/chat/completions", question)
		if err != nil {
			return err
		}
		res, err := middleware(req, http.DefaultClient.Do)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
		return err
	})
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
	// Output: gpt-4o-2024-08-06 of openai answered "Fine, thanks." for 10+4 tokens
}

// Whatever takes an http.Client is recorded by its transport: genai.ClientConfig, go-openai's ClientConfig, Ollama's api.NewClient. Calls outside of any session go
// into the one that the option names.
func ExampleTransport() {
	server, model := startServer(), startModel()
	defer server.Close()
	defer model.Close()
	ctx := context.Background()
	client, err := sentrial.New(sentrial.WithAPIURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	_, session := client.CreateSession(ctx, "greet")
	web := &http.Client{Transport: httptap.Transport(client, nil, httptap.WithSession(session), httptap.WithProvider("my_gateway"))}
	res, err := web.Post(model.URL+"/gateway/v1/chat/completions", "application/json", strings.NewReader(`{"model": "gpt-4o", "messages": []}`))
	if err != nil {
		log.Fatal(err)
	}
	_, err = io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close(), client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
	// Output: gpt-4o-2024-08-06 of my_gateway answered "Fine, thanks." for 10+4 tokens
}

// startModel is where a provider's API would be.
func startModel() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, replied)
	}))
}

// startServer stands for `sentrial serve`, and prints what it takes of calls.
func startServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var batch struct {
			Events []types.Event `json:"events"`
		}
		if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, e := range batch.Events {
			if c := e.LLMCall; c != nil {
				fmt.Printf("%s of %s answered %q for %d+%d tokens\n", c.Model, c.Provider, said(c), c.Usage.PromptTokens, c.Usage.CompletionTokens)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))
	}))
}
