package jsonenc_test

import "time"

type item struct {
	ID      int            `json:"id"`
	Name    string         `json:"name"`
	Price   float64        `json:"price,omitempty"`
	Tags    []string       `json:"tags"`
	At      time.Time      `json:"at"`
	Details map[string]any `json:"details,omitempty"`
}

func structItems() []item {
	var items []item
	for i := range 12 {
		items = append(items, item{
			ID: i, Name: "item", Price: 12.5, Tags: []string{"a", "b"},
			At:      time.Date(2026, 11, 22, 0, 16, i, 123456789, time.UTC),
			Details: map[string]any{"lisbon": 3, "porto": 0, "open": true},
		})
	}
	return items
}
