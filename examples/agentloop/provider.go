package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// baseURL is where the model is asked.
var baseURL = cmp.Or(os.Getenv("OPENAI_BASE_URL"), "https://api.openai.com/v1")

// provider starts a stand-in for the model if nothing says where one is; the caller stops it.
func provider() (stop func(), err error) {
	if os.Getenv("OPENAI_API_KEY") != "" || os.Getenv("OPENAI_BASE_URL") != "" {
		return func() {}, nil
	}
	fmt.Fprintln(os.Stderr, "OPENAI_API_KEY is not set: a stand-in answers that is no model.")
	fake, err := fakellm.Start()
	if err != nil {
		return nil, err
	}
	baseURL = fake.URL() + "/v1"
	return fake.Close, nil
}
