package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// provider is the model: OpenAI's, or whom OPENAI_BASE_URL names, if there is a key; else a stand-in, to be stopped in the end.
func provider(out io.Writer) (model llms.Model, stop func(), err error) {
	if os.Getenv("SENTRIAL_API_KEY") == "" && os.Getenv("SENTRIAL_API_URL") == "" {
		fmt.Fprintln(out, "Nothing is recorded: start `sentrial serve` and set SENTRIAL_API_URL=http://127.0.0.1:7437.")
	}
	name := openai.WithModel(cmp.Or(os.Getenv("OPENAI_MODEL"), "gpt-4o-mini"))
	if os.Getenv("OPENAI_API_KEY") != "" {
		model, err = openai.New(name)
		return model, func() {}, err
	}
	fmt.Fprintln(out, "OPENAI_API_KEY is not set: a stand-in answers that is no model.")
	fake, err := fakellm.Start()
	if err != nil {
		return nil, nil, err
	}
	model, err = openai.New(name, openai.WithBaseURL(fake.URL()+"/v1"), openai.WithToken("none"))
	return model, fake.Close, err
}
