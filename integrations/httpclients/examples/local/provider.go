package main

import (
	"fmt"
	"io"
	"os"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// provider says who answers: the Ollama at OLLAMA_HOST, else a stand-in, to be stopped in the end.
func provider(out io.Writer) (url string, stop func(), err error) {
	if os.Getenv("SENTRIAL_API_KEY") == "" && os.Getenv("SENTRIAL_API_URL") == "" {
		fmt.Fprintln(out, "Nothing is recorded: start `sentrial serve` and set SENTRIAL_API_URL=http://127.0.0.1:7437.")
	}
	if url := os.Getenv("OLLAMA_HOST"); url != "" {
		return url, func() {}, nil
	}
	fmt.Fprintln(out, "OLLAMA_HOST is not set: a stand-in answers that is no model.")
	fake, err := fakellm.Start()
	if err != nil {
		return "", nil, err
	}
	return fake.URL(), fake.Close, nil
}
