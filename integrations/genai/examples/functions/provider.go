package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"google.golang.org/genai"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

func modelName() string { return cmp.Or(os.Getenv("GEMINI_MODEL"), "gemini-2.5-flash") }

// provider says who answers: Gemini if there is a key, else a stand-in, to be stopped in the end.
func provider(out io.Writer) (config *genai.ClientConfig, stop func(), err error) {
	if os.Getenv("SENTRIAL_API_KEY") == "" && os.Getenv("SENTRIAL_API_URL") == "" {
		fmt.Fprintln(out, "Nothing is recorded: start `sentrial serve` and set SENTRIAL_API_URL=http://127.0.0.1:7437.")
	}
	if key := os.Getenv("GEMINI_API_KEY"); key != "" {
		return &genai.ClientConfig{APIKey: key, Backend: genai.BackendGeminiAPI}, func() {}, nil
	}
	fmt.Fprintln(out, "GEMINI_API_KEY is not set: a stand-in answers that is no model.")
	fake, err := fakellm.Start()
	if err != nil {
		return nil, nil, err
	}
	config = &genai.ClientConfig{APIKey: "none", Backend: genai.BackendGeminiAPI, HTTPOptions: genai.HTTPOptions{BaseURL: fake.URL()}}
	return config, fake.Close, nil
}
