package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

func modelName() string { return cmp.Or(os.Getenv("ANTHROPIC_MODEL"), anthropic.ModelClaudeSonnet5) }

// provider says who answers: Anthropic, or whom ANTHROPIC_BASE_URL names, if there is a key; else a stand-in, to be stopped in the end.
func provider(out io.Writer) (options []option.RequestOption, stop func(), err error) {
	if os.Getenv("SENTRIAL_API_KEY") == "" && os.Getenv("SENTRIAL_API_URL") == "" {
		fmt.Fprintln(out, "Nothing is recorded: start `sentrial serve` and set SENTRIAL_API_URL=http://127.0.0.1:7437.")
	}
	if os.Getenv("ANTHROPIC_API_KEY") != "" {
		return nil, func() {}, nil
	}
	fmt.Fprintln(out, "ANTHROPIC_API_KEY is not set: a stand-in answers that is no model.")
	fake, err := fakellm.Start()
	if err != nil {
		return nil, nil, err
	}
	return []option.RequestOption{option.WithBaseURL(fake.URL()), option.WithAPIKey("none")}, fake.Close, nil
}
