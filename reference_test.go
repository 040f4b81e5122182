package sentrial_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestProjectIDMustBeAnID: New says so, where a server would refuse every batch.
func TestProjectIDMustBeAnID(t *testing.T) {
	for _, id := range []string{"a/b", "a b", "ä", "a\nb", "a,b", "[a]", strings.Repeat("x", 129)} {
		client, err := sentrial.New(sentrial.WithProjectID(id), sentrial.WithHTTPClient(noNetwork(t)))
		option := new(sentrial.OptionError)
		if !errors.As(err, &option) || option.Value != id || !strings.Contains(option.Name, "WithProjectID") || client != nil {
			t.Errorf("project %q: New gave %v, want an *OptionError that names the option and the value", id, err)
		}
	}
	for _, id := range []string{"", "p", "Proj_1.a:b-c", strings.Repeat("x", 128)} {
		newClient(t, &wire{}, sentrial.WithProjectID(id))
	}
}

// TestValuesThatLookLikeReferences are data: servers would wait in vain for the content that they seem to stand for.
func TestValuesThatLookLikeReferences(t *testing.T) {
	const hash = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	const ref = `{"$ref":"` + hash + `"}`
	type reference struct {
		Ref string `json:"$ref"`
	}
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"map":            {map[string]any{"$ref": hash}, `{"value":` + ref + `}`},
		"struct":         {reference{hash}, `{"value":` + ref + `}`},
		"pointer":        {&reference{hash}, `{"value":` + ref + `}`},
		"JSON":           {json.RawMessage(ref), `{"value":` + ref + `}`},
		"spaced JSON":    {json.RawMessage(`{ "$ref" : "` + hash + `" }`), `{"value":` + ref + `}`},
		"JSON pointer":   {map[string]any{"$ref": "#/definitions/x"}, `{"$ref":"#/definitions/x"}`},
		"text":           {ref, `"{\"$ref\":\"` + hash + `\"}"`},
		"wrapped before": {map[string]any{"value": map[string]any{"$ref": hash}}, `{"value":` + ref + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := &wire{}
			client := newClient(t, server)
			id := client.Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", ToolInput: c.value, ToolOutput: c.value})
			e := server.event(t, client, id)
			if e["tool_input"] != c.want || e["tool_output"] != c.want {
				t.Errorf("arrived as %s and %s, want %s", e["tool_input"], e["tool_output"], c.want)
			}
		})
	}
}
