package httpclients_test

import (
	"context"
	"fmt"
	"net/http"

	openai "github.com/sashabaranov/go-openai"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/httptap"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// go-openai takes an HTTP client; its transport is the one line. In a program BaseURL stays as it is, or is that of an endpoint that speaks the same wire, and the
// client of sentrial is configured by SENTRIAL_API_URL or SENTRIAL_API_KEY.
func Example() {
	fake, err := fakellm.Start() // it answers in the place of a model
	if err != nil {
		panic(err)
	}
	defer fake.Close()
	client, err := sentrial.New(sentrial.WithDisabled())
	if err != nil {
		panic(err)
	}
	defer client.Close(context.Background())

	config := openai.DefaultConfig("the key")
	config.BaseURL = fake.URL() + "/v1"
	config.HTTPClient = &http.Client{Transport: httptap.Transport(client, nil)}
	model := openai.NewClientWithConfig(config)

	err = client.Run(context.Background(), "greeting", func(ctx context.Context) error {
		reply, err := model.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
			Model: "gpt-4o-mini", Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: "Say hello"}},
		})
		if err == nil {
			fmt.Println(reply.Choices[0].Message.Content)
		}
		return err
	})
	if err != nil {
		panic(err)
	}
	// Output: This is no model but fakellm. It was asked: Say hello
}
