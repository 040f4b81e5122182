package httpclients_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	openai "github.com/sashabaranov/go-openai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/integrations/agenttest"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// On Azure the model's name in the path is that of a deployment.
func TestGoOpenAIOnAzure(t *testing.T) {
	agenttest.Run(t, agenttest.Driver{Name: "go-openai on Azure", Lacks: unsent, Open: func(_ *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
		return chat{azure(baseURL, client)}
	}})
}

func azure(baseURL string, client *sentrial.Client) *openai.Client {
	config := openai.DefaultAzureConfig("azure-secret", baseURL)
	config.HTTPClient = &http.Client{Transport: httptap.Transport(client, nil)}
	return openai.NewClientWithConfig(config)
}

func TestKeysAreNotRecorded(t *testing.T) {
	fake, err := fakellm.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	rec := sentrialtest.New(t)
	model := azure(fake.URL(), rec.Client())
	request := openai.ChatCompletionRequest{Model: "my-deployment", Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "hello"}}}
	ctx, session := rec.Client().CreateSession(t.Context(), "azure")
	defer session.Close(ctx, types.SessionResult{})
	if _, err := model.CreateChatCompletion(ctx, request); err != nil {
		t.Fatal(err)
	}
	if path, want := fake.Requests()[0].Path, "/openai/deployments/my-deployment/chat/completions"; path != want {
		t.Errorf("sent to %s, want %s", path, want)
	}
	rec.WantLLMCalls(1)
	recorded, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(recorded), "azure-secret") {
		t.Errorf("the key was recorded: %s", recorded)
	}
}
