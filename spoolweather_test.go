package sentrial_test

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// weather is what goes on at the server while somebody is killed.
type weather string

var weathers = []weather{"fine", "fine", "fine", "503", "reset", "slow", "lost replies", "504 after the commit", "mixed", "mixed", "down", "restarts"}

// bring makes the weather, until the function is called that it returns.
func (x *torture) bring(w weather, seed uint64) (over func()) {
	x.sink.Everywhere(w.step(seed))
	switch w {
	case "down":
		x.server.Down()
		return x.up
	case "restarts":
		return x.restarts(seed)
	}
	return func() { x.sink.Everywhere(nil) }
}

// step is what each request gets, nil for what it asks.
func (w weather) step(seed uint64) faultsink.Step {
	switch w {
	case "503":
		return faultsink.Status(503)
	case "reset":
		return faultsink.Reset
	case "slow":
		return faultsink.Then(faultsink.Wait(20*time.Millisecond), faultsink.Accept)
	case "lost replies":
		return faultsink.LoseReply
	case "504 after the commit":
		return faultsink.CommitThen(faultsink.Status(504))
	case "mixed":
		return mixedWeather(seed)
	}
	return nil
}

// mixedWeather does something else with every request.
func mixedWeather(seed uint64) faultsink.Step {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, seed))
	steps := []faultsink.Step{faultsink.Accept, faultsink.Accept, faultsink.Status(503), faultsink.ResetAfterBody, faultsink.LoseReply}
	return func(x *faultsink.Exchange) {
		mu.Lock()
		step := steps[random.IntN(len(steps))]
		mu.Unlock()
		step(x)
	}
}

// up opens the port again. Somebody may have it for an instant.
func (x *torture) up() {
	err := x.server.Up()
	for range 100 {
		if err == nil {
			return
		}
		<-time.After(10 * time.Millisecond)
		err = x.server.Up()
	}
	x.t.Error(err)
}

// restarts closes the port and opens it again, all the time.
func (x *torture) restarts(seed uint64) (over func()) {
	random := rand.New(rand.NewPCG(seed, seed))
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(1+random.IntN(20)) * time.Millisecond):
				x.server.Down()
				x.up()
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
	}
}
