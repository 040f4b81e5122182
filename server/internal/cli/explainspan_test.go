package cli_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func TestExplainSpanIntoAPipe(t *testing.T) {
	out := succeed(t, "explain-span", file(t, "traces.json", agentFile(1)))
	for _, want := range []string{
		"trace 0000000000000000000000004bf92f01  5 spans of shop\n",
		"\ninvoke_agent support  agent  998ms my.agents@1.2 0000000000000011\n",
		"\n    chat m  llm  994ms my.agents@1.2 0000000000000013\n",
		"  became   llm_call  otel_0000000000000000000000004bf92f01_",
		"  nothing  ",
		"  because  gen_ai.operation.name = chat\n",
		"  dialects semconv\n",
		"  session  conv-1  from gen_ai.conversation.id\n",
		"m-2026 <- gen_ai.response.model (semconv)\n",
		`{"city":"Lisbon"} <- gen_ai.tool.call.arguments (semconv)` + "\n",
		"weather in Lisbon?",
		"  kept     my.colour (attributes)\n",
		"  unread   http.request.method\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("stdout lacks %q:\n%s", want, out)
		}
	}
	if strings.ContainsAny(out, "\x1b│└") {
		t.Errorf("a pipe gets %q", out)
	}
	if at := strings.Index; at(out, "invoke_agent support") > at(out, "\n  chat ") || at(out, "\n  chat ") > at(out, "chat m") || at(out, "chat m") > at(out, "execute_tool") {
		t.Errorf("the spans are in another order than they began:\n%s", out)
	}
}

func TestExplainSpanOfNothing(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"explain-span", file(t, "empty.json", "")}
	if code := cli.RunOn(t.Context(), console.Console{}, time.Now(), args, &stdout, &stderr); code != 0 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "no spans in what was read") {
		t.Errorf("exit %d, %q, %q", code, &stdout, &stderr)
	}
}

func TestExplainSpanAtATerminal(t *testing.T) {
	out := watch(t, 60, "explain-span", file(t, "traces.json", agentFile(1)))
	if !strings.Contains(out, "\x1b[32mbecame") || !strings.Contains(out, "├ ") || !strings.Contains(out, "└ ") || !strings.Contains(out, "←") {
		t.Errorf("printed %q", out)
	}
	plain := watch(t, 60, "explain-span", "--no-color", file(t, "traces.json", agentFile(1)))
	for line := range strings.SplitSeq(plain, "\n") {
		if console.Cells(line) > 60 {
			t.Errorf("a line of %d cells: %q", console.Cells(line), line)
		}
	}
	var stdout, stderr bytes.Buffer
	c := console.Console{Terminal: true, Width: 100}
	if code := cli.RunOn(t.Context(), c, time.Now(), []string{"explain-span", file(t, "traces.json", agentFile(1))}, &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), "`- ") {
		t.Errorf("exit %d, %q, %q", code, &stdout, &stderr)
	}
}

// explained is a line of --json.
type explained struct {
	TraceID     string `json:"trace_id"`
	SpanID      string `json:"span_id"`
	ParentID    string `json:"parent_id"`
	Name, Scope string
	Dialects    []string
	Kind, Rule  string
	Became      []struct{ ID, Type string }
	Why         string
	SessionID   string `json:"session_id"`
	SessionFrom string `json:"session_from"`
	Fields      []struct {
		Field, Key, Dialect string
		Value               any
	}
	Kept   []struct{ Key, In string }
	Unread []string
	Copies int
	Events []map[string]any
}

// explaining runs the command with --json.
func explaining(t *testing.T, args ...string) (list []explained) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(succeed(t, append([]string{"explain-span", "--json"}, args...)...)))
	for dec.More() {
		var x explained
		if err := dec.Decode(&x); err != nil {
			t.Fatal(err)
		}
		list = append(list, x)
	}
	return list
}

func TestExplainSpanAsJSON(t *testing.T) {
	spans := file(t, "traces.json", agentFile(1))
	list := explaining(t, spans)
	if len(list) != 5 || list[0].Name != "invoke_agent support" || list[0].Events != nil {
		t.Fatalf("%+v", list)
	}
	one := explaining(t, spans, "--span", "0000000000000013", "--events")
	if len(one) != 1 {
		t.Fatalf("%+v", one)
	}
	x := one[0]
	if x.ParentID != "0000000000000012" || x.Scope != "my.agents@1.2" || x.Kind != "llm" || x.Rule != "gen_ai.operation.name = chat" || x.SessionID != "conv-1" || len(x.Dialects) == 0 ||
		len(x.Became) != 1 || x.Became[0].Type != "llm_call" || len(x.Events) != 1 || x.Events[0]["id"] != x.Became[0].ID || x.Events[0]["model"] != "m-2026" {
		t.Errorf("%+v", x)
	}
	for _, f := range x.Fields {
		if f.Field == "prompt_tokens" && (f.Value != 88.0 || f.Key != "gen_ai.usage.input_tokens" || f.Dialect != "semconv") {
			t.Errorf("%+v", f)
		}
	}
	for _, x := range list {
		if (len(x.Became) == 0) != (x.Why != "") && len(x.Became) == 0 {
			t.Errorf("no reason: %+v", x)
		}
	}
}

// TestExplainSpanKnowsAttributesByWhatTheyBeginWith: fields of many attributes have a value too, and none of them counts as unread.
func TestExplainSpanKnowsAttributesByWhatTheyBeginWith(t *testing.T) {
	flat := text("openinference.span.kind", "LLM") + text("llm.model_name", "m") + text("llm.input_messages.0.message.role", "user") + text("llm.input_messages.0.message.content", "flattened")
	body := `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"x","attributes":[` + strings.TrimSuffix(flat, ",") + `]}]}]}]}`
	list := explaining(t, file(t, "traces.json", body))
	if len(list) != 1 || len(list[0].Unread) != 0 {
		t.Fatalf("%+v", list)
	}
	for _, f := range list[0].Fields {
		if value, _ := json.Marshal(f.Value); f.Field == "messages" && !strings.Contains(string(value), "flattened") {
			t.Errorf("%s = %s", f.Field, value)
		}
	}
}

func TestExplainSpanChooses(t *testing.T) {
	spans := file(t, "traces.json", agentFile(2))
	if list := explaining(t, spans, "--trace", "0000000000000000000000004BF92F02"); len(list) != 5 || list[0].SpanID != "0000000000000021" {
		t.Errorf("%+v", list)
	}
	if list := explaining(t, spans, "--span", "000000000000001"); len(list) != 5 {
		t.Errorf("%+v", list)
	}
	out := succeed(t, "explain-span", spans, "--span", "0000000000000014", "--events")
	if !strings.Contains(out, `"tool_name": "weather"`) || strings.Contains(out, "chat m") || !strings.Contains(out, "\nexecute_tool weather") {
		t.Errorf("printed %s", out)
	}
	for code, args := range map[int][]string{3: {"--span", "ffff"}, 2: {"--trace", "xyz"}} {
		if got := run(t, append([]string{"explain-span", spans}, args...)...); got.code != code || got.errors == "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestExplainSpanWithGenericSpans(t *testing.T) {
	spans := file(t, "traces.json", agentFile(1))
	less, more := explaining(t, spans, "--span", "0000000000000015"), explaining(t, spans, "--span", "0000000000000015", "--generic")
	if len(less[0].Became) != 0 || less[0].Why == "" || len(more[0].Became) != 1 || more[0].Became[0].Type != "step" {
		t.Errorf("%+v without, %+v with", less, more)
	}
}

func TestExplainSpanCountsCopies(t *testing.T) {
	spans := file(t, "traces.json", agentFile(1))
	if list := explaining(t, spans, spans, "--span", "0000000000000013"); len(list) != 1 || list[0].Copies != 1 {
		t.Errorf("%+v", list)
	}
	if out := succeed(t, "explain-span", spans, spans); !strings.Contains(out, "copies   it came 1 time more") {
		t.Errorf("printed %s", out)
	}
}

// TestExplainSpanDrawsRings, orphans and spans that are their own parents, each once.
func TestExplainSpanDrawsRings(t *testing.T) {
	var bodies []string
	for id, parent := range map[string]string{"01": "02", "02": "01", "03": "03", "04": "99", "05": "04"} {
		bodies = append(bodies, `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00000000000000`+id+`","parentSpanId":"00000000000000`+parent+`","name":"span-`+id+`"}]}]}]}`)
	}
	out := succeed(t, "explain-span", file(t, "traces.json", strings.Join(bodies, "\n")))
	for _, id := range []string{"01", "02", "03", "04", "05"} {
		if strings.Count(out, "span-"+id) != 1 {
			t.Errorf("span-%s is there %d times:\n%s", id, strings.Count(out, "span-"+id), out)
		}
	}
}

func TestHostileSpansAreHarmless(t *testing.T) {
	spans := file(t, "traces.json", strings.NewReplacer("chat m", `evil\u001b[2J\u202e`, "m-2026", `red\u009b31m`, "my.colour", `my\u001bcolour`).Replace(agentFile(1)))
	for _, out := range []string{succeed(t, "explain-span", spans, "--events"), watch(t, 100, "explain-span", spans, "--events", "--no-color")} {
		if strings.ContainsAny(out, "\x1b\u202e\u009b") || !strings.Contains(out, `evil\x1b[2J\u202e`) {
			t.Errorf("printed %q", out)
		}
	}
}

// TestWhatIsBrokenIsExplainedAsFarAsItIsNot.
func TestWhatIsBrokenIsExplainedAsFarAsItIsNot(t *testing.T) {
	got := run(t, "explain-span", file(t, "bad.json", agentFile(1)+"nonsense\n"))
	if got.code != 1 || !strings.Contains(got.out, "invoke_agent support") || !strings.Contains(got.errors, "bad.json: line:8: ") {
		t.Errorf("%+v", got)
	}
	if got := run(t, "explain-span", "/nowhere/traces.json"); got.code != 3 {
		t.Errorf("%+v", got)
	}
	if got := run(t, "explain-span"); got.code != 2 {
		t.Errorf("%+v", got)
	}
}

func TestCompletionOfSpansInAFile(t *testing.T) {
	spans := file(t, "traces.json", agentFile(2))
	if got := offered(t, "explain-span", spans, "--span", "000000000000002"); len(got) != 5 || got[0] != "0000000000000023" {
		t.Errorf("offers %q", got)
	}
	if got := offered(t, "explain-span", spans, "--trace", ""); len(got) != 2 {
		t.Errorf("offers %q", got)
	}
	if got := offered(t, "explain-span", "/nowhere", "--span", ""); got != nil {
		t.Errorf("offers %q", got)
	}
}
