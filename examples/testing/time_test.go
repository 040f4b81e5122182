package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/sentrialtest"
)

func TestWaitsForAModelThatIsOverloaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		model := sentrialtest.NewScript[[]string, move](t).
			ThenError(errOverloaded).
			ThenError(errOverloaded).
			Then(move{Answer: "Hold the button."})
		a := &agent{rec.Client(), model.Call, tools()}
		begin := time.Now()
		if _, err := a.answer(t.Context(), "How do I reset it?"); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begin); waited != 3*time.Minute {
			t.Errorf("waited %v, want 1m and 2m", waited)
		}
		rec.WantRecovered()
		rec.Golden("overloaded", sentrialtest.Keep("timestamp"))
	})
}
