package fakellm_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

func said(role, text string) types.Message {
	return types.Message{Role: role, Parts: []types.Part{{Type: types.PartText, Content: text}}}
}

// Canned asks for the first tool, then answers, and never passes for a model.
func TestCanned(t *testing.T) {
	brain := fakellm.Canned()
	req := fakellm.Request{
		Messages: []types.Message{said("user", "Is it raining in Zürich?")}, Tools: []string{"weather", "other"},
	}
	first := brain(req)
	if len(first.ToolCalls) != 1 || first.ToolCalls[0].Name != "weather" {
		t.Fatalf("Canned asked for %v", first.ToolCalls)
	}
	result := types.Message{Role: "tool", Parts: []types.Part{{Type: types.PartToolCallResponse, Response: map[string]any{"rain": true}}}}
	req.Messages = append(req.Messages, result)
	second := brain(req)
	req.Messages = append(req.Messages, said("assistant", second.Text), said("user", "And now?"))
	if third := brain(req); len(third.ToolCalls) != 1 {
		t.Errorf("to the next question Canned said %q", third.Text)
	}
	unoffered := brain(fakellm.Request{Messages: []types.Message{said("user", "Hello?")}})
	for _, text := range []string{first.Reasoning, second.Text, unoffered.Text} {
		if !strings.Contains(text, "no model") {
			t.Errorf("%q does not say that it is no model", text)
		}
	}
	if !strings.Contains(second.Text, `{"rain":true}`) || !strings.Contains(unoffered.Text, "Hello?") {
		t.Errorf("Canned said %q and %q", second.Text, unoffered.Text)
	}
}

// Arguments follow the schema.
func TestCannedArguments(t *testing.T) {
	schema := `{"type":"object","required":["city","days","units","tags","exact","inner"],"properties":{"city":{"type":"STRING"},"days":{"type":"integer"},
		"units":{"enum":["metric","imperial"]},"tags":{"type":"array"},"exact":{"type":"boolean"},"note":{"type":"string"},
		"inner":{"properties":{"at":{"type":"string"}}}}}`
	req := fakellm.Request{Messages: []types.Message{said("user", "Is it raining in Zürich?")}, Tools: []string{"weather"}}
	req.Parameters = map[string]json.RawMessage{"weather": json.RawMessage(schema)}
	got := fakellm.Canned()(req).ToolCalls[0].Arguments
	want := map[string]any{
		"city": "Zürich", "days": 1, "units": "metric", "tags": []any{}, "exact": true, "inner": map[string]any{"at": "Zürich"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the arguments are %v, want %v", got, want)
	}
}
