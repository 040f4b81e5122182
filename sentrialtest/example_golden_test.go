package sentrialtest_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

// Golden compares all that happened with a file, here testdata/forecast.golden:
//
//	session forecast: success
//	  tool geocode: success
//	    tool_input: "Oslo"
//	    tool_output: [59.91,10.75]
//	  tool weather: success
//	    tool_input: [59.91,10.75]
//	    tool_output: "rain"
//	  end: success
func ExampleRecorder_Golden() {
	test(func(t testing.TB) { // in a program's own tests: func TestForecast(t *testing.T) {
		rec := sentrialtest.New(t)
		_ = forecast(t.Context(), rec.Client(), "Oslo")
		rec.Golden("forecast")
	})
	// Output: ok
}
