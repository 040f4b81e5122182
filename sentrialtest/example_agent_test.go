package sentrialtest_test

import (
	"context"
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// forecast is an agent: it looks a town up and asks for its weather.
func forecast(ctx context.Context, client *sentrial.Client, town string) error {
	return client.Run(ctx, "forecast", func(ctx context.Context) error {
		geocode := sentrial.WrapTool("geocode", func(context.Context, string) ([]float64, error) { return []float64{59.91, 10.75}, nil })
		place, err := geocode(ctx, town)
		if err != nil {
			return err
		}
		_, err = sentrial.Tool(ctx, "weather", place, func(context.Context, []float64) (string, error) { return "rain", nil })
		return err
	})
}

// A test runs the agent with the recorder's client, then says what it should have done.
func Example() {
	test(func(t testing.TB) { // in a program's own tests: func TestForecast(t *testing.T) {
		rec := sentrialtest.New(t)
		if err := forecast(t.Context(), rec.Client(), "Oslo"); err != nil {
			t.Fatalf("no forecast: %v", err)
		}
		rec.WantTools("geocode", "weather")
		rec.WantToolInputs("geocode", "Oslo")
		rec.WantToolOutputs("weather", "rain")
		rec.WantPath("session forecast > geocode")
		rec.WantNoErrors()
		rec.WantStatus(types.StatusSuccess)
	})
	// Output: ok
}
