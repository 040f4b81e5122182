package wire_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

func same(a, b types.LLMCall) bool { return reflect.DeepEqual(a, b) }

// A reply that breaks off anywhere gives the beginning of what the whole one gives, and says that it was cut unless it had said why it ends.
func TestCutAnywhere(t *testing.T) {
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			whole := tell(t, c, r, r.body)
			seen := 0
			for i := 0; i <= len(r.body); i += 1 + len(r.body)/places {
				got := tell(t, c, r, r.body[:i])
				if text := textOf(got.Call.OutputMessages); !beginsLike(text, textOf(whole.Call.OutputMessages)) {
					t.Fatalf("%s, %s, cut at %d: %q", c.name, r.name, i, text)
				} else if r.name != "reply.json" && len(text) < seen { // whole replies may end in half a character
					t.Fatalf("%s, %s, cut at %d: %q is less than what was seen before", c.name, r.name, i, text)
				} else {
					seen = len(text)
				}
				if id := got.Call.ResponseID; id != "" && !strings.HasPrefix(whole.Call.ResponseID, id) {
					t.Fatalf("%s, %s, cut at %d: id %q", c.name, r.name, i, id)
				}
				if u := got.Call.Usage; u.PromptTokens > whole.Call.Usage.PromptTokens {
					t.Fatalf("%s, %s, cut at %d: %+v", c.name, r.name, i, u)
				}
				if got.Error == "" && got.Call.FinishReason == "" && len(strings.TrimSpace(string(r.body[i:]))) > 1 && !strings.Contains(got.Call.Operation, "embed") {
					t.Fatalf("%s, %s, cut at %d of %d: no error", c.name, r.name, i, len(r.body))
				}
			}
		}
	}
}

func textOf(list []types.Message) (text string) {
	for _, m := range list {
		for _, p := range m.Parts {
			text += p.Content + "|"
		}
	}
	return text
}

// beginsLike compares texts whose parts may each be shorter, and of which some may not have come.
func beginsLike(cut, whole string) bool {
	parts := strings.Split(whole, "|")
	for p := range strings.SplitSeq(cut, "|") {
		if !slices.ContainsFunc(parts, func(w string) bool { return strings.HasPrefix(w, p) }) {
			return false
		}
	}
	return true
}

// A whole reply that breaks off tells what it had said, and no half number.
func TestCutReply(t *testing.T) {
	w := find(t, "https://api.openai.com/v1/chat/completions")
	for body, want := range map[string]types.LLMCall{
		`{"id":"c-1","model":"gpt`:                            {ResponseID: "c-1", Model: "gpt"},
		`{"id":"c-1","usage":{"prompt_tokens":12`:             {ResponseID: "c-1"},
		`{"id":"c-1","usage":{"prompt_tokens":12,"comp`:       {ResponseID: "c-1", Usage: types.Usage{PromptTokens: 12}},
		`{"choices":[{"message":{"content":"half \u00`:        {OutputMessages: said("half ")},
		`{"choices":[{"message":{"content":"half \ud83d`:      {OutputMessages: said("half ")},
		`{"choices":[{"message":{"content":"half \`:           {OutputMessages: said("half ")},
		"{\"choices\":[{\"message\":{\"content\":\"a\xe6\x9d": {OutputMessages: said("a")},
		`{"choices":[{"message":{"content":"whole"`:           {OutputMessages: said("whole")},
		`{"choices":[{"message":{"content"`:                   {},
		`{"choices":[{"message":`:                             {},
		`{"choices":[`:                                        {},
		``:                                                    {},
	} {
		a := w.Answer(200, "application/json", limit)
		_, _ = a.Write([]byte(body))
		var call types.LLMCall
		if err := a.Finish(&call); !errors.Is(err, wire.ErrCut) {
			t.Errorf("%s: %v", body, err)
		}
		if !same(call, want) {
			t.Errorf("%s: got %+v, want %+v", body, call, want)
		}
		if a.Ended() || a.Begun() {
			t.Errorf("%s: ended %t, begun %t", body, a.Ended(), a.Begun())
		}
	}
}

func said(text string) []types.Message {
	return []types.Message{{Role: "assistant", Parts: []types.Part{{Type: "text", Content: text}}}}
}

// The request's body may be cut at the limit of what is looked at. What is there is read.
func TestCutRequest(t *testing.T) {
	for _, c := range recordedCalls(t) {
		whole := c.wire.Request(c.url, c.request, true)
		for i := 0; i < len(c.request); i += 1 + len(c.request)/places {
			got := c.wire.Request(c.url, c.request[:i], false)
			if len(got.Messages) > len(whole.Messages) || !strings.HasPrefix(whole.Model, got.Model) {
				t.Fatalf("%s, cut at %d: %+v", c.name, i, got)
			}
		}
		if last := strings.LastIndexByte(string(c.request), '}'); !reflect.DeepEqual(c.wire.Request(c.url, c.request[:last], false).Messages, whole.Messages) {
			t.Errorf("%s: without the last bracket got\n%+v\nwant\n%+v", c.name, c.wire.Request(c.url, c.request[:last], false), whole)
		}
	}
}
