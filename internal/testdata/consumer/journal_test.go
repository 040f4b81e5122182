package consumer_test

import (
	"slices"
	"testing"

	"example.com/consumer"
)

func TestJournal(t *testing.T) {
	path := t.TempDir()
	var left []string
	for _, record := range []string{"one", "two"} {
		j, err := consumer.OpenJournal(path, func(r []byte) { left = append(left, string(r)) })
		if err != nil {
			t.Fatal(err)
		}
		if !j.Write(record) {
			t.Errorf("there is no room for %q", record)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(left, []string{"one"}) {
		t.Errorf("left was %q", left)
	}
}
