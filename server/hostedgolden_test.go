package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// plainProgram is what a program sends that was written for the hosted API: a session's requests after the first.
var plainProgram = []string{
	`POST /events {"sessionId":"SESSION","eventType":"llm_decision","reasoning":"nothing is known yet","alternativesConsidered":["search",{"name":"ask","cost":2}],"confidence":0.85}`,
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"search_kb","toolInput":{"query": "password reset"},"toolOutput":{"articles":["KB-1"]},
		"reasoning":"the question is about passwords","estimatedCost":0.002,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","metadata":{"duration_ms":150.25,"region":"eu"}}`,
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"charge","toolInput":{"value":"EUR 5"},"toolOutput":null,"tokenCount":12,
		"toolError":{"message":"card declined","type":"CardError","code":402},"metadata":{"attempt":2,"call_id":"call_1"}}`,
	`POST /events {"sessionId":"SESSION","eventType":"error","toolError":{"message":"card declined","type":"CardError","stack_trace":"at charge()"},"metadata":{"recoverable":true,"recovery_action":"ask for another"}}`,
	`POST /events {"sessionId":"SESSION","eventType":"state_change","stateBefore":{"step":1},"stateAfter":{"step":2},"metadata":{"where":"checkout"}}`,
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:openai:gpt-4o",
		"toolInput":{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}],"model":"gpt-4o","provider":"openai","temperature":0.2},
		"toolOutput":{"content":"Hello.","tokens":{"prompt":1200,"completion":80,"total":1280},"cost_usd":0.0042},"estimatedCost":0.0042,"tokenCount":1280,"metadata":{"finish_reason":"stop"}}`,
	`PATCH /sessions/SESSION {"status":"completed","success":true,"estimatedCost":0.01,"durationMs":2500,"promptTokens":1500,"completionTokens":80,"totalTokens":1580,
		"customMetrics":{"satisfaction":4.5},"userInput":"How do I reset my password?","assistantOutput":"With the link in KB-1."}`,
}

// TestPlainProgram has what becomes of the requests of a program that knows nothing of sentrial.
func TestPlainProgram(t *testing.T) {
	a := newApp(t)
	id := decode[struct{ ID string }](t, a.must("POST", "/sessions",
		`{"name":"password reset","agentName":"support-agent","userId":"user_123","metadata":{"conversation_id":"conv_7","tags":["web"],"plan":"pro"}}`)).ID
	for _, request := range plainProgram {
		method, rest, _ := strings.Cut(strings.ReplaceAll(request, "SESSION", id), " ")
		target, body, _ := strings.Cut(rest, " ")
		a.must(method, target, body)
	}
	golden(t, "hosted", a.get("/v1/sessions/"+id), a.get("/v1/sessions/"+id+"/events"))
}

var madeID = regexp.MustCompile(`(sess|evt)_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// golden compares JSON with a file, made readable and with ids numbered as they come.
func golden(t *testing.T, name string, texts ...string) {
	t.Helper()
	var out bytes.Buffer
	for _, text := range texts {
		if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
			t.Fatal(err)
		}
		out.WriteByte('\n')
	}
	numbers := make(map[string]string)
	got := madeID.ReplaceAllFunc(out.Bytes(), func(id []byte) []byte {
		if numbers[string(id)] == "" {
			kind, _, _ := strings.Cut(string(id), "_")
			numbers[string(id)] = fmt.Sprint(kind, "_", len(numbers)+1)
		}
		return []byte(numbers[string(id)])
	})
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))) {
		t.Errorf("not what %s says; look at the difference and run with -update:\n%s", file, got)
	}
}
