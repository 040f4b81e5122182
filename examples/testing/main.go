package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/sentrial/sentrial-go"
)

func main() {
	ctx := context.Background()
	client, err := sentrial.New()
	if err != nil {
		log.Fatal(err)
	}
	a := &agent{client, standIn, map[string]tool{
		"search_manual": in(nil),
		"search_faq":    in(map[string]string{"opening hours": "9 to 17"}),
	}}
	answer, err := a.answer(ctx, "opening hours")
	fmt.Println(answer)
	if err := errors.Join(err, client.Close(ctx)); err != nil {
		log.Fatal(err)
	}
}

// standIn takes the place of a real model: it looks into the manual, then into the FAQ, and repeats what it found.
func standIn(_ context.Context, conversation []string) (move, error) {
	last := conversation[len(conversation)-1]
	next := move{In: len(strings.Join(conversation, "")) / 4, Out: 8}
	switch _, found, ok := strings.Cut(last, " found: "); {
	case ok:
		next.Answer = found
	case len(conversation) == 1:
		next.Tool, next.Input = "search_manual", last
	case len(conversation) == 2:
		next.Tool, next.Input = "search_faq", conversation[0]
	default:
		next.Answer = "Nobody knows."
	}
	return next, nil
}

var errNothing = errors.New("nothing found")

// in searches a map.
func in(texts map[string]string) tool {
	return func(_ context.Context, question string) (string, error) {
		if text, ok := texts[question]; ok {
			return text, nil
		}
		return "", errNothing
	}
}
