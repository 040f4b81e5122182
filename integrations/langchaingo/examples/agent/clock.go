package main

import (
	"context"
	"time"
	_ "time/tzdata" // so that it knows the same places everywhere
)

// clock is the tool.
type clock struct{}

func (clock) Name() string { return "clock" }

func (clock) Description() string { return "Tells the time in a place, given as in Europe/Zurich." }

// Call tells the model what is wrong, as a tool's error would end the agent.
func (clock) Call(_ context.Context, place string) (string, error) {
	location, err := time.LoadLocation(place)
	if err != nil {
		return err.Error(), nil //nolint:nilerr // the model is to try again
	}
	return time.Now().In(location).Format(time.RFC1123), nil
}
