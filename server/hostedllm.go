package server

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// llmName takes apart the name under which an LLM call travels as a tool call.
func llmName(tool string) (provider, model string, ok bool) {
	rest, ok := strings.CutPrefix(tool, "llm:")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ":")
}

// llmCall makes an LLM call of a tool call named llm:PROVIDER:MODEL.
func (t *translation) llmCall(session, provider, model string) {
	t.place(types.EventLLMCall, session)
	failure := t.failure()
	t.status(failure.status())
	in, out := readPart(t.content("toolInput")), readPart(t.content("toolOutput"))
	t.llmModel(in, provider, model)
	t.question(in)
	t.answer(out)
	t.tokens(out)
	t.llmCost(out)
	t.lift(llmFacts, t.meta.lift)
	t.out.filled("error", failure.message)
	t.meta.keep("tool_input", in.left())
	t.meta.keep("tool_output", out.left())
	t.meta.keep("tool_error", failure.rest.text())
}

// llmModel writes provider and model: those of the name, else those of the input.
func (t *translation) llmModel(in *part, provider, model string) {
	given := in.takeText("provider")
	chosen := cmp.Or(provider, given)
	if strings.ReplaceAll(given, ":", "_") == provider { // a colon has to be replaced in the name
		chosen = given
	}
	t.out.text("provider", chosen)
	in.giveBack("provider", given, chosen)
	given = in.takeText("model")
	chosen = cmp.Or(model, given)
	t.out.text("model", chosen)
	in.giveBack("model", given, chosen)
}

// question writes the prompt or the messages.
func (t *translation) question(in *part) {
	raw := firstOf(in.bare, in.value("messages"))
	if raw == nil {
		return
	}
	prompt, messages := onlyPrompt(raw), []byte(nil)
	if prompt == nil {
		messages = fitMessages(raw)
	}
	if prompt != nil || messages != nil || string(raw) == "[]" || isNull(raw) {
		in.drop("messages")
	}
	if prompt == nil {
		prompt = t.meta.own(ownPrompt)
	}
	t.out.filled("prompt", prompt)
	t.out.raw("messages", messages)
}

// onlyPrompt is the text of a conversation that is one plain question, or nil.
func onlyPrompt(raw []byte) []byte {
	if raw[0] == '"' {
		return raw
	}
	var messages []json.RawMessage
	if json.Unmarshal(raw, &messages) != nil || len(messages) != 1 || messages[0][0] != '{' {
		return nil
	}
	message, p := readObject(messages[0])
	content := message.value("content")
	if p != nil || len(message.members) != 2 || textOf(message.value("role")) != "user" || content == nil || content[0] != '"' {
		return nil
	}
	return content
}

// answer writes the response.
func (t *translation) answer(out *part) {
	var response []byte
	if out.bare != nil && out.bare[0] == '"' {
		response, out.bare = out.bare, nil
	} else {
		response = out.takeFit("content", fitting(checkText))
	}
	t.out.filled("response", response)
}

// tokens writes the output's tokens {prompt, completion, total}. tokenCount stands in for a total where there are none.
func (t *translation) tokens(out *part) {
	tokens := readPart(out.take("tokens"))
	prompt, completion, total := tokens.takeFit("prompt", wholeNumber), tokens.takeFit("completion", wholeNumber), tokens.takeFit("total", wholeNumber)
	out.keep("tokens", tokens.left())
	count := t.count("tokenCount")
	switch {
	case count == nil:
	case prompt == nil && completion == nil && total == nil:
		total = count
	case countOf(count) != countOf(total) && countOf(count) != countOf(prompt)+countOf(completion):
		t.meta.keep("token_count", count)
	}
	t.out.counted("prompt_tokens", prompt)
	t.out.counted("completion_tokens", completion)
	t.out.counted("tokens_used", total)
}

// countOf is a count that was read before; nil is none.
func countOf(raw []byte) int64 {
	if raw == nil {
		return 0
	}
	n, _ := readCount(raw)
	return n
}

func firstOf(a, b []byte) []byte {
	if a != nil {
		return a
	}
	return b
}
