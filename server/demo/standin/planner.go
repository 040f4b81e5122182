package standin

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// Plan is what the stand-in writes into the content of a message that asks for a tool, as JSON: what it considered and why it chose.
type Plan struct {
	Reasoning    string   `json:"reasoning"`
	Alternatives []string `json:"alternatives"` // the chosen one first
	Chosen       string   `json:"chosen"`
	Confidence   float64  `json:"confidence"` // 0 to 1, fixed per rule: how sure it is that this call brings the answer nearer
}

// proposal is a tool call that a rule wants to make.
type proposal struct {
	tool       string
	args       map[string]any
	about      string // the argument that matters, for people
	why        string
	otherwise  []string // what else could be done
	confidence float64
}

func (p proposal) String() string { return p.tool + " " + p.about }

// errAsk ends a rule that needs a result it does not have yet.
var errAsk = errors.New("a tool has to be asked")

// walk runs the rules from the start over the results known so far. Where a rule wants a call whose result is not among them, that call is the next turn.
// Rules are therefore written straight down, as if the tools answered at once.
type walk struct {
	*conversation
	used   int
	wanted proposal
}

// call is the result of the proposed call, or errAsk with the proposal noted as wanted. A tool that is not offered gives a failed result.
func (w *walk) call(p proposal) (result, error) {
	if _, ok := w.offered[p.tool]; !ok {
		return result{"error: there is no tool " + p.tool}, nil
	}
	if w.used == len(w.results) {
		w.wanted = p
		return result{}, errAsk
	}
	w.used++
	return w.results[w.used-1], nil
}

// next is the assistant's next message and why it ends there.
func next(talk *conversation, callID string) (chat.Message, string) {
	w := &walk{conversation: talk}
	var answers []string
	for _, goal := range goals(talk.question) {
		answer, err := goal(w)
		if errors.Is(err, errAsk) {
			return w.ask(callID), chat.FinishToolCalls
		}
		answers = append(answers, answer)
	}
	return chat.Message{Role: "assistant", Content: chat.Text(strings.Join(answers, " "))}, chat.FinishStop
}

// ask is the message that asks for the wanted call and tells the plan behind it.
func (w *walk) ask(id string) chat.Message {
	plan := Plan{
		Reasoning:    w.wanted.why,
		Alternatives: append([]string{w.wanted.String()}, w.wanted.otherwise...),
		Chosen:       w.wanted.String(),
		Confidence:   w.wanted.confidence,
	}
	return chat.Message{Role: "assistant", Content: encode(plan), ToolCalls: []chat.ToolCall{{
		ID: id, Type: "function", Function: chat.Function{Name: w.wanted.tool, Arguments: string(encode(w.declared()))},
	}}}
}

// declared is the wanted arguments without those that the offered tool does not declare.
func (w *walk) declared() map[string]any {
	properties := w.offered[w.wanted.tool].Properties
	args := make(map[string]any, len(w.wanted.args))
	for name, value := range w.wanted.args {
		if _, ok := properties[name]; ok || len(properties) == 0 {
			args[name] = value
		}
	}
	return args
}

// encode writes a value made of strings, numbers and maps of them, which always encodes.
func encode(v any) chat.Text {
	text, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return chat.Text(text)
}
