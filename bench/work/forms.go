package work

import (
	"encoding/json"
	"strings"
)

// Forms are the ways in which one side of a call may stand on a wire: as it is, as a JSON string, as a JSON string inside another one. Offset is where the
// marker begins in each.
type Forms []Form

// Form is one of them.
type Form struct {
	Text   string
	Offset int
}

// Expected has the forms of all calls as they were before the caller changed anything.
type Expected struct {
	tools, llms map[Side][]Forms
}

// Expect makes them.
func Expect() *Expected {
	w := New()
	e := &Expected{tools: map[Side][]Forms{}, llms: map[Side][]Forms{}}
	for i := range Size {
		tool, llm := &w.Tools[i], &w.LLMs[i]
		e.add(ToolKind, In, i, object(tool.Input, "limit", "query")...)
		e.add(ToolKind, Out, i, object(tool.Output, "scores", "titles")...)
		e.add(LLMKind, In, i, llm.Prompt)
		e.add(LLMKind, Out, i, llm.Response)
	}
	return e
}

// Of are the forms of one side of a call.
func (e *Expected) Of(s Side, k Kind, i int) Forms {
	if k == ToolKind {
		return e.tools[s][i]
	}
	return e.llms[s][i]
}

func (e *Expected) add(k Kind, s Side, i int, texts ...string) {
	into := e.llms
	if k == ToolKind {
		into = e.tools
	}
	into[s] = append(into[s], forms(Marker(s, k, i), texts))
}

// object writes a map of two keys in both orders: not every encoder sorts.
func object(m map[string]any, a, b string) []string {
	member := func(key string) string { return quote(key) + ":" + marshal(m[key]) }
	return []string{"{" + member(a) + "," + member(b) + "}", "{" + member(b) + "," + member(a) + "}"}
}

func forms(marker string, texts []string) (all Forms) {
	for _, text := range texts {
		for range 3 {
			all = append(all, Form{text, strings.Index(text, marker)})
			quoted := quote(text)
			text = quoted[1 : len(quoted)-1]
		}
	}
	return all
}

func quote(text string) string { return marshal(text) }

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the calls hold nothing that has no JSON form
	}
	return string(b)
}
