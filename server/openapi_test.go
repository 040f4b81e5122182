package server_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sentrial/sentrial-go/server"
)

func TestOpenAPIIsValid(t *testing.T) {
	c := theContract()
	if err := c.doc.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for name, o := range c.operations {
		if op := o.Operation; op.Summary == "" || len(op.Tags) != 1 || ids[op.OperationID] {
			t.Errorf("%s: summary %q, tags %q, id %q", name, op.Summary, op.Tags, op.OperationID)
		}
		ids[o.Operation.OperationID] = true
	}
}

func TestOpenAPIIsServed(t *testing.T) {
	a := newApp(t)
	served, err := openapi3.NewLoader().LoadFromData([]byte(a.get("/v1/openapi.json")))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(served)
	want, _ := json.Marshal(theContract().doc)
	same(t, "document", string(got), string(want))
}

// TestOpenAPIHasTheRoutesThereAre compares the document with the table that requests are routed by.
func TestOpenAPIHasTheRoutesThereAre(t *testing.T) {
	routes := newApp(t).Patterns()
	documented := slices.Collect(maps.Keys(theContract().operations))
	for _, route := range routes {
		if !slices.Contains(documented, route) {
			t.Errorf("%s is not documented", route)
		}
	}
	for _, route := range documented {
		if !slices.Contains(routes, route) {
			t.Errorf("%s is documented and not there", route)
		}
	}
}

// eventSchemas are the schemas of the types of events.
var eventSchemas = map[string]string{
	"session_start": "SessionStart", "session_update": "SessionUpdate", "session_end": "SessionEnd", "tool_call": "ToolCall", "decision": "Decision",
	"llm_call": "LLMCall", "error": "ErrorEvent", "step": "Step", "feedback": "Feedback", "session_alias": "SessionAlias",
}

func schemaOf(kind string) *openapi3.Schema {
	return theContract().doc.Components.Schemas[eventSchemas[kind]].Value
}

// TestOpenAPIHasTheFieldsOfEvents compares the schemas of events with the fields that the server knows of each type.
func TestOpenAPIHasTheFieldsOfEvents(t *testing.T) {
	for kind, fields := range server.EventFields() {
		schema := schemaOf(kind)
		documented := map[string]bool{}
		for _, part := range schema.AllOf {
			for name := range part.Value.Properties {
				documented[name] = true
			}
		}
		want := map[string]bool{}
		for _, name := range fields {
			want[name] = true
		}
		if !reflect.DeepEqual(documented, want) {
			t.Errorf("%s:\ndocumented %q\n     known %q", kind, slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(want)))
		}
		if schema.VisitJSON(schema.Example) != nil || schema.Example.(map[string]any)["type"] != kind {
			t.Errorf("%s: the example is %v", kind, schema.Example)
		}
	}
	same(t, "types", len(server.EventFields()), len(eventSchemas))
}

// TestOpenAPIDescribesWhatTheSDKSends holds the golden events of package types against the schemas of their types.
func TestOpenAPIDescribesWhatTheSDKSends(t *testing.T) {
	files, err := filepath.Glob("../types/testdata/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d golden files (%v)", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var event map[string]any
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		kind, is := event["type"].(string)
		if !is || event["timestamp"] == nil {
			continue // a session, or an event that is not ready to be sent
		}
		if err := schemaOf(kind).VisitJSON(event); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
