package wire_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/types"
)

const kept = 1000

// huge are answers with far more content than is kept, and facts after it.
func huge(text string) map[string][3]string {
	calls := strings.Repeat(`{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}},`, 1<<10)
	return map[string][3]string{
		"chat": {chat, "application/json", `{"id":"c-1","model":"m-2","choices":[{"index":0,"message":{"role":"assistant","content":"` + text + `","tool_calls":[` + calls +
			`{}]},"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}`},
		"chat stream": {chat, "text/event-stream", `data: {"id":"c-1","model":"m-2","choices":[{"delta":{"content":"` + text + `"}}]}` + "\n\n" +
			`data: {"choices":[{"delta":{"content":"more"},"finish_reason":"length"}]}` + "\n\n" + `data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}` + "\n\ndata: [DONE]\n\n"},
		"responses stream": {responses, "text/event-stream", `data: {"type":"response.completed","response":{"id":"c-1","object":"response","instructions":null,"model":"m-2","output":[{"type":"message","content":[{"type":"output_text","text":"` +
			text + `"}]}],"tools":[` + calls + `{}],"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11}}}` + "\n\n"},
		"messages": {messages, "application/json", `{"id":"c-1","type":"message","model":"m-2","content":[{"type":"text","text":"` + text + `"},{"type":"text","text":"` + text + `"}],"stop_reason":"max_tokens","usage":{"input_tokens":5,"output_tokens":6}}`},
		"gemini": {gemini, "application/json", `[{"responseId":"c-1","modelVersion":"m-2","candidates":[{"content":{"parts":[{"text":"` + text + `"}]}}]},
			{"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":6,"totalTokenCount":11}}]`},
		"ollama": {ollama, "application/x-ndjson", `{"model":"m-2","message":{"content":"` + text + `"},"done":false}` + "\n" + `{"model":"m-2","done":true,"done_reason":"length","context":[` +
			strings.Repeat("1,", 1<<12) + `1],"prompt_eval_count":5,"eval_count":6}` + "\n"},
	}
}

// Past the limit no content is kept, but the facts that follow it are read, however long the content was.
func TestFactsAfterTheLimit(t *testing.T) {
	for _, letter := range []string{"x", "é", "天", "🙂", `\n`, `\u5929`, `\ud83d\ude42`, `\"`} {
		for name, c := range huge(strings.Repeat(letter, 1<<13)) {
			for _, most := range []int{0, 1, kept, kept + 1, kept + 2} {
				a := find(t, c[0]).Answer(200, c[1], most)
				for _, p := range random([]byte(c[2]), 5000) {
					_, _ = a.Write(p)
				}
				call := types.LLMCall{Model: "m-1"}
				if err := a.Finish(&call); err != nil || !a.Ended() {
					t.Errorf("%s of %s: %v", name, letter, err)
				}
				text := textOf(call.OutputMessages)
				if most == kept && len(text) < kept/2 || len(text) > most+2 || !utf8.ValidString(text) || strings.Contains(text, "\uFFFD") {
					t.Errorf("%s of %s: %d bytes are kept of %d: %.40q … %q", name, letter, len(text), most, text, text[max(0, len(text)-10):])
				}
				want := types.Usage{PromptTokens: 5, CompletionTokens: 6, TotalTokens: 11}
				if call.Model != "m-2" || call.Usage != want || call.FinishReason != "length" || call.Metadata["reply_cut"] != true {
					t.Errorf("%s of %s, %d: %+v", name, letter, most, call)
				}
			}
		}
	}
}

// Vectors are no content: they need no room, and leaving them out is not noted.
func TestVectorsAreLeftOut(t *testing.T) {
	vector := "[" + strings.Repeat("0.1,", 1<<12) + "0.1]"
	for at, body := range map[string]string{
		"https://api.openai.com/v1/embeddings": `{"data":[{"embedding":` + vector + `},{"embedding":` + vector + `}],"model":"m-2","usage":{"prompt_tokens":4,"total_tokens":4}}`,
		"http://127.0.0.1:11434/api/embed":     `{"model":"m-2","embeddings":[` + vector + `,` + vector + `],"prompt_eval_count":4}`,
	} {
		a := find(t, at).Answer(200, "application/json", kept)
		_, _ = a.Write([]byte(body))
		var call types.LLMCall
		if err := a.Finish(&call); err != nil || call.Model != "m-2" || call.Usage != (types.Usage{PromptTokens: 4, TotalTokens: 4}) || call.Metadata != nil || call.OutputMessages != nil {
			t.Errorf("%s: %v, %+v", at, err, call)
		}
	}
}

// What a reply holds in memory does not grow with it, whatever is long in it.
func TestMemoryIsBounded(t *testing.T) {
	piece := []byte(strings.Repeat("a", 64<<10))
	for name, c := range map[string][2]string{
		"a text":         {"application/json", `{"choices":[{"message":{"content":"`},
		"a name":         {"application/json", `{"`},
		"a number":       {"application/json", `{"a":1`},
		"a line":         {"text/event-stream", "data: {\"a\":\""},
		"a field":        {"text/event-stream", "data"},
		"a name of one":  {"text/event-stream", "event: "},
		"a comment":      {"text/event-stream", ": "},
		"a line of JSON": {"application/x-ndjson", `{"a":"`},
		"prose":          {"text/plain", "p"},
		"garbage":        {"application/json", "{]"},
		"many names":     {"application/json", `{"a":{`},
		"many brackets":  {"application/json", `{"a":[`},
		"many lists":     {"application/json", `{"a":[`},
	} {
		p := piece
		switch name {
		case "many names":
			p = []byte(strings.Repeat(`"a":1,`, 10<<10))
		case "many brackets":
			p = []byte(strings.Repeat("{},", 20<<10))
		case "many lists":
			p = []byte(strings.Repeat("[[],", 1<<10))
		}
		a := find(t, chat).Answer(200, c[0], kept)
		_, _ = a.Write([]byte(c[1]))
		_, _ = a.Write(p)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 64 {
			_, _ = a.Write(p)
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
			t.Errorf("%s: %d bytes more after %d", name, grown, 64*len(p))
		}
		_ = a.Finish(&types.LLMCall{})
	}
}

// Many small pieces are bounded too: answers, calls, parts.
func TestManySmallPieces(t *testing.T) {
	a := find(t, chat).Answer(200, "text/event-stream", kept)
	for i := range 20_000 {
		fmt.Fprintf(a, "data: {\"choices\":[{\"index\":%d,\"delta\":{\"tool_calls\":[{\"index\":%d,\"id\":\"call_%d\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n", i%1000, i, i)
	}
	var call types.LLMCall
	if err := a.Finish(&call); err == nil {
		t.Error("no end, and no error")
	}
	parts := 0
	for _, m := range call.OutputMessages {
		parts += len(m.Parts)
	}
	if parts == 0 || parts > kept/10 || call.Metadata["reply_cut"] != true {
		t.Errorf("%d parts, %v", parts, call.Metadata)
	}
}
