package sentrialtest_test

import (
	"context"
	"errors"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// fetch is an agent that tries a second time.
func fetch(ctx context.Context, client *sentrial.Client, tool func(context.Context, string) (string, error)) error {
	return client.Run(ctx, "fetch", func(ctx context.Context) error {
		_, err := sentrial.Tool(ctx, "fetch", "report", tool)
		if err != nil {
			sentrial.ReportError(ctx, err, sentrial.Recoverable("try again"))
			_, err = sentrial.Tool(ctx, "fetch", "report", tool)
		}
		return err
	})
}

// A script plays a model, or a tool that fails once.
func ExampleScript() {
	test(func(t testing.TB) { // in a program's own tests: func TestFetch(t *testing.T) {
		rec := sentrialtest.New(t)
		tool := sentrialtest.NewScript[string, string](t).ThenError(errors.New("come back later")).Then("all is well")
		if err := fetch(t.Context(), rec.Client(), tool.Call); err != nil {
			t.Errorf("it did not recover: %v", err)
		}
		rec.WantRecovered()
		rec.WantToolOutputs("fetch", nil, "all is well")
	})
	// Output: ok
}
