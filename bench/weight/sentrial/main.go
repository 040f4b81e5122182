// A program that records one event with this SDK.
package main

import (
	"context"
	"os"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

func main() {
	if len(os.Args) < 2 { // what counts is what was linked and what ran before main
		return
	}
	client, err := sentrial.New(sentrial.WithAPIURL(os.Args[1]))
	if err != nil {
		panic(err)
	}
	ctx, session := client.CreateSession(context.Background(), "hello")
	session.TrackToolCall(ctx, types.ToolCall{ToolName: "hello", ToolInput: map[string]any{"q": 1}})
	session.Close(ctx, types.SessionResult{})
	_ = client.Close(ctx)
}
