// A program that records one span with Langfuse.
package main

import (
	"context"
	"os"

	"github.com/henomis/langfuse-go"
	"github.com/henomis/langfuse-go/model"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	_ = os.Setenv("LANGFUSE_HOST", os.Args[1])
	ctx := context.Background()
	client := langfuse.New(ctx)
	_, _ = client.Span(&model.Span{Name: "hello", TraceID: "hello"}, nil)
	client.Flush(ctx)
}
