package sentrial_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

var gpt4o = types.LLMCall{Model: "gpt-4o", Provider: "openai", Usage: types.Usage{PromptTokens: 1234, CompletionTokens: 56}}

// costed is what an event on the wire says of its cost.
type costed struct {
	Cost     *float64
	Metadata map[string]any
}

// recordedCosts gives what record made a client send of LLM calls.
func recordedCosts(t *testing.T, record func(context.Context, *sentrial.Session), opts ...sentrial.Option) (list []costed) {
	t.Helper()
	wire := &recorder{}
	client := newClient(t, wire, opts...)
	ctx, session := client.CreateSession(t.Context(), "s")
	record(ctx, session)
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, line := range wire.events(t) {
		if line["type"] == string(types.EventLLMCall) && line["status"] != string(types.StatusRunning) {
			text, _ := json.Marshal(line)
			var c costed
			if err := json.Unmarshal(text, &c); err != nil {
				t.Fatal(err)
			}
			list = append(list, c)
		}
	}
	return list
}
