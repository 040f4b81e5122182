package standin_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/standin"
	"github.com/sentrial/sentrial-go/server/demo/tools"
)

// serve starts the stand-in on a port of its own.
func serve(t *testing.T) chat.Endpoint {
	t.Helper()
	server := httptest.NewServer(standin.Handler())
	t.Cleanup(server.Close)
	return chat.Endpoint{BaseURL: server.URL + "/v1"}
}

// project is a small directory to ask about.
func project(t *testing.T) *tools.Set {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"README.md":     "# Hammer\n\nDrives nails.\n\nMore.\n",
		"LICENSE":       "Apache License\nVersion 2.0\n",
		"a.go":          "package a\n\n// Hit is one.\nfunc (h *Hammer) Hit() {}\n",
		"sub/b.go":      "package b\n\ntype Nail struct{}\n// Hammer\n",
		"sub/b_test.go": "package b\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := tools.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close() })
	return set
}

// converse lets the stand-in ask for tools until it answers, and returns the calls, as "name arguments", and the answer.
func converse(t *testing.T, model chat.Endpoint, set *tools.Set, question string) (calls []string, answer string) {
	t.Helper()
	req := chat.Request{Tools: set.Definitions(), Messages: []chat.Message{{Role: "user", Content: chat.Text(question)}}}
	for range 10 {
		resp, err := model.Complete(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		message := resp.Choices[0].Message
		if len(message.ToolCalls) == 0 {
			return calls, string(message.Content)
		}
		call := message.ToolCalls[0]
		calls = append(calls, call.Function.Name+" "+call.Function.Arguments)
		req.Messages = append(req.Messages, message, chat.Message{Role: "tool", ToolCallID: call.ID, Content: run(t, set, call)})
	}
	t.Fatalf("%q: no answer after 10 turns: %q", question, calls)
	return nil, ""
}

func run(t *testing.T, set *tools.Set, call chat.ToolCall) chat.Text {
	t.Helper()
	result, err := set.Call(t.Context(), call.Function.Name, json.RawMessage(call.Function.Arguments))
	if err != nil {
		return chat.Text("error: " + err.Error())
	}
	text, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return chat.Text(text)
}

func TestQuestionsLeadToToolsAndAnswers(t *testing.T) {
	model, set := serve(t), project(t)
	for question, want := range map[string]struct{ tools, answer string }{
		"How many Go files are there?":                  {"list_files", "There are 3 Go files, 102 bytes in all."},
		"How many Go test files are there?":             {"list_files", "There are 1 Go test files, 10 bytes in all."},
		"How many files?":                               {"list_files", "There are 5 files"},
		"Where is Hit defined?":                         {"search_files", "Hit is defined at a.go:4."},
		"Where is the type b.Nail declared?":            {"search_files", "Nail is defined at sub/b.go:3."},
		"Where is Hammer defined?":                      {"search_files search_files", "Hammer is on 3 lines of 3 files"},
		"What does sub/b.go say?":                       {"read_file", "sub/b.go says: package b"},
		"What does b.go say?":                           {"read_file list_files read_file", "sub/b.go says: package b"},
		"What does `none.txt` say?":                     {"read_file list_files", "There is no file none.txt."},
		"How many lines does a.go have?":                {"read_file", "a.go has 4 lines."},
		"How many lines of Go are there?":               {"search_files", "There are 9 lines in 3 Go files."},
		"What is 12 * (3 + 4.5)?":                       {"calculate", "12 * (3 + 4.5) = 90."},
		"What's \"3 * (4+5)\" and $HOME `id`?":          {"calculate", "3 * (4+5) = 27."},
		"Is 1/0 a number?":                              {"calculate", "1/0 cannot be calculated: error: expression \"1/0\": division by zero."},
		"Which is the largest Go file?":                 {"list_files", "The largest of the 3 Go files is a.go"},
		"Which file is the longest?":                    {"list_files", "The largest of the 5 files is a.go"},
		"What does the license say?":                    {"list_files read_file", "LICENSE is the Apache License, version 2.0."},
		"Which files mention nails?":                    {"search_files", "nails is on 1 lines of 1 files, first at README.md:3."},
		"How big is the average Go file?":               {"list_files calculate", "The 3 Go files have 102 bytes in all, 34 on average."},
		"How is it organised?":                          {"read_file list_files read_file", "README.md says: Hammer Drives nails."},
		"How many Go files are there, and what is 2+2?": {"list_files calculate", "There are 3 Go files, 102 bytes in all. 2+2 = 4."},
		"Why Drives?":                                   {"search_files read_file", "Drives is on 1 lines, first at README.md:3, which reads: Hammer Drives nails."},
		"What about xylophones?":                        {"search_files", "I found nothing about xylophones."},
		"Is that so?":                                   {"", "I am a rule-based stand-in"},
	} {
		calls, answer := converse(t, model, set, question)
		names := make([]string, len(calls))
		for i, call := range calls {
			names[i], _, _ = strings.Cut(call, " ")
		}
		if got := strings.Join(names, " "); got != want.tools || !strings.HasPrefix(answer, want.answer) {
			t.Errorf("%s\n got %q: %s\nwant %q: %s", question, got, answer, want.tools, want.answer)
		}
	}
}

func TestPlanTellsWhatWasConsidered(t *testing.T) {
	model, set := serve(t), project(t)
	resp, err := model.Complete(t.Context(), chat.Request{Tools: set.Definitions(), Messages: []chat.Message{{Role: "user", Content: "How is it organised?"}}})
	if err != nil {
		t.Fatal(err)
	}
	var plan standin.Plan
	if err := json.Unmarshal([]byte(resp.Choices[0].Message.Content), &plan); err != nil {
		t.Fatal(err)
	}
	if plan.Chosen != "read_file docs/ARCHITECTURE.md" || !slices.Contains(plan.Alternatives, plan.Chosen) || len(plan.Alternatives) != 3 || plan.Confidence != 0.5 || plan.Reasoning == "" {
		t.Errorf("got %+v", plan)
	}
	if resp.Choices[0].FinishReason != chat.FinishToolCalls || resp.Model != standin.Name {
		t.Errorf("got finish reason %q of model %q", resp.Choices[0].FinishReason, resp.Model)
	}
}

func TestOnlyOfferedToolsAndArgumentsAreUsed(t *testing.T) {
	model := serve(t)
	bare := []chat.Tool{{Type: "function", Function: chat.Definition{Name: "list_files", Parameters: json.RawMessage(`{"type":"object","properties":{"dir":{}}}`)}}}
	ask := func(messages ...chat.Message) chat.Message {
		resp, err := model.Complete(t.Context(), chat.Request{Tools: bare, Messages: messages})
		if err != nil {
			t.Fatal(err)
		}
		return resp.Choices[0].Message
	}
	question := chat.Message{Role: "user", Content: "How many Go files are there?"}
	first := ask(question)
	if len(first.ToolCalls) != 1 || first.ToolCalls[0].Function.Arguments != "{}" {
		t.Errorf("got %+v, want list_files without the arguments it does not declare", first)
	}
	if got := ask(question, first, chat.Message{Role: "tool", Content: `["a.go","b.go"]`}); !strings.HasPrefix(string(got.Content), "There are 2 ") {
		t.Errorf("got %q, want bare names to be understood", got.Content)
	}
	if got := ask(chat.Message{Role: "user", Content: "What is 1+1?"}); len(got.ToolCalls) != 0 {
		t.Errorf("asked for %+v, which was not offered", got.ToolCalls)
	}
}

func TestTokensAreThoseReadAndWritten(t *testing.T) {
	for text, want := range map[string]int{"": 0, "word": 1, "words": 1, "longer": 2, "a b, c.": 5, "  \n": 0, "Größenordnung": 3, "{\"a\":1}": 7} {
		if got := standin.CountTokens(text); got != want {
			t.Errorf("CountTokens(%q) = %d, want %d", text, got, want)
		}
	}
	resp, err := serve(t).Complete(t.Context(), chat.Request{Messages: []chat.Message{{Role: "system", Content: "Be short."}, {Role: "user", Content: "Is that so?"}}})
	if err != nil {
		t.Fatal(err)
	}
	written := standin.CountTokens(string(resp.Choices[0].Message.Content))
	if got := resp.Usage; got.PromptTokens != 7 || got.CompletionTokens != written || got.TotalTokens != 7+written {
		t.Errorf("got %+v, want 7 tokens read and %d written", got, written)
	}
}

func TestStandInSaysWhatItIs(t *testing.T) {
	resp, err := http.Get(serve(t).BaseURL + "/models")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(resp.Header.Get("Server"), "not a language model") || !strings.Contains(string(body), standin.Name) {
		t.Errorf("Server %q, models %s", resp.Header.Get("Server"), body)
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	base := serve(t).BaseURL
	for _, body := range []string{"", "{", `{"messages":[]}`, `{"messages":[{"role":"system","content":"x"}]}`, `{"messages":[{"role":"user","content":7}]}`} {
		resp, err := http.Post(base+"/chat/completions", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		var failure chat.Failure
		err = json.NewDecoder(resp.Body).Decode(&failure)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusBadRequest || failure.Error.Message == "" {
			t.Errorf("%q: status %d, %+v, %v; want 400 with a message", body, resp.StatusCode, failure, err)
		}
	}
}

func TestStreamCarriesTheSameAnswer(t *testing.T) {
	model := serve(t)
	messages := `"messages":[{"role":"user","content":[{"type":"text","text":"Is that so?"}]}]`
	whole := post(t, model, "{"+messages+"}")
	defer whole.Body.Close()
	var resp chat.Response
	if err := json.NewDecoder(whole.Body).Decode(&resp); err != nil {
		t.Fatal(err)
	}
	streamed := post(t, model, `{"stream":true,"stream_options":{"include_usage":true},`+messages+`}`)
	defer streamed.Body.Close()
	text, finish, used := join(t, streamed.Body)
	if text != string(resp.Choices[0].Message.Content) || finish != chat.FinishStop || used == nil || *used != resp.Usage {
		t.Errorf("streamed %q, %q, %+v; want %+v", text, finish, used, resp)
	}
}

func post(t *testing.T, model chat.Endpoint, body string) *http.Response {
	t.Helper()
	resp, err := http.Post(model.BaseURL+"/chat/completions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// join puts the pieces of a stream together.
func join(t *testing.T, stream io.Reader) (text, finish string, used *chat.Usage) {
	t.Helper()
	lines := bufio.NewScanner(stream)
	done := false
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || data == "[DONE]" {
			done = done || ok
			continue
		}
		var chunk chat.Chunk
		if err := json.Unmarshal([]byte(data), &chunk); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if chunk.Usage != nil {
			used = chunk.Usage
		}
		for _, choice := range chunk.Choices {
			text += choice.Delta.Content
			if choice.FinishReason != nil {
				finish = *choice.FinishReason
			}
		}
	}
	if !done {
		t.Error("the stream has no [DONE]")
	}
	return text, finish, used
}

func FuzzRespond(f *testing.F) {
	f.Add(`{"messages":[{"role":"user","content":"How many Go files?"}]}`)
	f.Add(`{"messages":[{"role":"user","content":"what is ((1+2)*3"},{"role":"tool","content":"{\"value\":\"9\"}"}],"tools":[{"function":{"name":"calculate"}}]}`)
	f.Add(`{"messages":[{"role":"user","content":"design"},{"role":"tool","content":"error: no"},{"role":"tool","content":"[\"a.md\"]"}],"tools":[{"function":{"name":"read_file"}},{"function":{"name":"list_files"}}]}`)
	f.Add(`{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"stream":true}`)
	handler := standin.Handler()
	f.Fuzz(func(t *testing.T, body string) {
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/chat/completions", strings.NewReader(body)))
		if rec.Code != http.StatusOK && rec.Code != http.StatusBadRequest {
			t.Errorf("status %d for %q", rec.Code, body)
		}
	})
}
