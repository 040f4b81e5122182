package timeline

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// llmCall: the model, what it cost in tokens and money, why it stopped, and what it said.
func (d *drawer) llmCall(e types.Event, call types.LLMCall) entry {
	model := cmp.Or(call.Model, call.RequestModel, "(unknown model)")
	title := d.heading(e, cmp.Or(call.Operation, "chat")+" "+model)
	if call.Attempts > 1 {
		title = title.Add(console.Yellow, " after "+format.Plural(call.Attempts, "attempt"))
	}
	en := entry{title: title, facts: d.usage(call)}
	en.notes = d.brief(console.None, readable(reply(call)))
	if !d.Full {
		en.notes = append(en.notes, d.requests(call.OutputMessages)...)
	}
	en.notes = append(en.notes, d.brief(console.Red, call.Error)...)
	en.full = []section{
		{"prompt", call.Prompt},
		{"messages", messages(call.Messages)},
		{"response", call.Response},
		{"output", messages(call.OutputMessages)},
		{"parameters", nonEmpty(call.Parameters)},
		{"error", call.Error},
	}
	return en
}

// usage is the facts of a call. A cost that nobody knows is said to be unknown: it is not zero.
func (d *drawer) usage(call types.LLMCall) console.Text {
	var t console.Text
	add := func(style console.Style, text string) {
		if !t.Empty() {
			t = t.Add(console.Dim, " "+d.glyph.dot+" ")
		}
		t = t.Add(style, text)
	}
	if tokens := d.tokens(call.Usage); tokens != "" {
		add(console.None, tokens)
	}
	if call.Cost == nil {
		add(console.Dim, "cost "+format.Unknown)
	} else {
		add(console.None, format.Cost(call.Cost))
	}
	if call.TimeToFirstToken > 0 {
		add(console.Dim, "first token "+format.Duration(call.TimeToFirstToken))
	}
	if call.FinishReason != "" {
		add(console.Dim, call.FinishReason)
	}
	return t
}

// tokens is "1,204 in (1,024 cached) → 87 out"; what was not reported is left out.
func (d *drawer) tokens(u types.Usage) string {
	var parts []string
	if u.PromptTokens > 0 {
		parts = append(parts, format.Count(u.PromptTokens)+" in"+inParentheses(
			counted(u.CachedTokens, "cached"), counted(u.CacheWriteTokens, "written to cache")))
	}
	if u.CompletionTokens > 0 {
		parts = append(parts, format.Count(u.CompletionTokens)+" out"+inParentheses(counted(u.ReasoningTokens, "reasoning")))
	}
	if len(parts) == 0 && u.TotalTokens > 0 {
		return format.Plural(u.TotalTokens, "token")
	}
	return strings.Join(parts, " "+d.glyph.arrow+" ")
}

func counted(n int, what string) string {
	if n <= 0 {
		return ""
	}
	return format.Count(n) + " " + what
}

func inParentheses(parts ...string) string {
	if s := strings.Join(nonBlank(parts), ", "); s != "" {
		return " (" + s + ")"
	}
	return ""
}

func nonBlank(parts []string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// reply is the text that the model answered with.
func reply(call types.LLMCall) string {
	if call.Response != "" {
		return call.Response
	}
	for _, m := range call.OutputMessages {
		for _, p := range m.Parts {
			if p.Type == "text" && p.Content != "" {
				return p.Content
			}
		}
	}
	return ""
}

// readable is a reply for one line: one that is JSON loses its quotes and braces.
func readable(reply string) string {
	if strings.HasPrefix(reply, "{") && json.Valid([]byte(reply)) {
		return format.Preview(json.RawMessage(reply))
	}
	return reply
}

// requests are the tools that the model asked for.
func (d *drawer) requests(out []types.Message) []console.Text {
	var asked []console.Text
	for _, m := range out {
		for _, p := range m.Parts {
			if p.Type == "tool_call" {
				call := p.Name + "(" + format.Preview(p.Arguments) + ")"
				asked = append(asked, console.Line(console.Dim, d.glyph.arrow+" ").Add(console.None, call))
			}
		}
	}
	return asked
}

// messages is a conversation as text, a line for every part.
func messages(list []types.Message) string {
	var b strings.Builder
	for _, m := range list {
		for _, p := range m.Parts {
			b.WriteString(m.Role + ": " + part(p) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func part(p types.Part) string {
	switch p.Type {
	case "text":
		return p.Content
	case "reasoning":
		return "(reasoning) " + p.Content
	case "tool_call":
		return "calls " + p.Name + "(" + format.Full(p.Arguments) + ")"
	case "tool_call_response":
		return "gets " + format.Full(p.Response)
	}
	return p.Type + " " + string(p.Raw)
}

func nonEmpty(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}
