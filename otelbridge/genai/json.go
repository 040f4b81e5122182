package genai

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/internal/rawjson"
)

// Reading JSON a level at a time keeps what is inside as it was written. What is read here is known to be JSON, as it comes out of structured, spelled or jsonOf, so
// no level is checked again, and what is inside shares the memory of what is around it. It is never changed in place.

// objectIn gives the members of an object; nil for anything else.
func objectIn(raw json.RawMessage) map[string]json.RawMessage { return rawjson.Object(raw, usualNames) }

// listIn gives the items of a list; nil for anything else.
func listIn(raw json.RawMessage) []json.RawMessage { return rawjson.List(raw) }

// stringIn gives the text of a string.
func stringIn(raw json.RawMessage) (string, bool) { return rawjson.Text(raw) }

// usualNames are those that are looked for in bodies of requests and replies.
var usualNames = func() map[string]string {
	names := make(map[string]string)
	for _, list := range [][]string{messageMembers, envelopes, samplingNames, {
		"choices", "arguments", "function", "prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details", "created",
		"system_fingerprint", "service_tier", "refusal", "tools", "parameters", "description", "properties", "required", "args", "input", "call_id", "result",
	}} {
		for _, name := range list {
			names[name] = name
		}
	}
	for name := range usageNames {
		names[name] = name
	}
	for name := range usageDetails {
		names[name] = name
	}
	return names
}()
