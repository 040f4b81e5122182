package sentrialtest_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

// A failure says what was wanted, what was there, and all that happened.
func ExampleRecorder_WantTools() {
	test(func(t testing.TB) { // in a program's own tests: func TestForecast(t *testing.T) {
		rec := sentrialtest.New(t)
		_ = forecast(t.Context(), rec.Client(), "Oslo")
		rec.WantTools("weather")
	})
	// Output:
	// WantTools: other tools were called
	//  got: geocode, weather
	// want: weather
	// what happened: ...
}
