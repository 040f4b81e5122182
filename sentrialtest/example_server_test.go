package sentrialtest_test

import (
	"context"
	"errors"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
)

// program makes a client of its own, as programs do. It may as well run in another process, with SENTRIAL_API_URL.
func program(ctx context.Context, url string) error {
	client, err := sentrial.New(sentrial.WithAPIURL(url))
	if err != nil {
		return err
	}
	return errors.Join(forecast(ctx, client, "Oslo"), client.Close(ctx))
}

// A program that closes its client has sent everything when it ends. For one that goes on there is Wait.
func ExampleServer() {
	test(func(t testing.TB) { // in a program's own tests: func TestProgram(t *testing.T) {
		srv := sentrialtest.Server(t)
		if err := program(t.Context(), srv.URL()); err != nil {
			t.Errorf("the program failed: %v", err)
		}
		srv.WantTools("geocode", "weather")
	})
	// Output: ok
}
