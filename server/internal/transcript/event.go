package transcript

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// Event writes what happened. The beginning and the end of a session are told by Begin and End.
func (w *Writer) Event(e types.Event) error {
	switch {
	case e.Type == types.EventSessionStart || e.Type == types.EventSessionEnd:
		return w.err
	case e.LLMCall != nil:
		w.llmCall(e, *e.LLMCall)
	case e.ToolCall != nil:
		w.toolCall(e, *e.ToolCall)
	case e.Decision != nil:
		w.decision(e, *e.Decision)
	case e.Error != nil:
		w.failure(e, *e.Error)
	case e.Step != nil:
		w.step(e, *e.Step)
	case e.Feedback != nil:
		w.feedback(e, *e.Feedback)
	case e.Session != nil:
		w.update(e, *e.Session)
	default:
		w.heading(e, code(string(e.Type)))
		w.block("", unknown(e))
	}
	w.block("Metadata", nonEmpty(e.Metadata))
	return w.err
}

// envelope are the fields of an event of any type that a heading tells of, or that say nothing to people.
var envelope = []string{
	"id", "type", "session_id", "parent_id", "seq", "timestamp", "duration_ms", "status", "trace_id", "span_id", "metadata", "position", "received_at", "client_id", "clock_skew_ms",
}

// unknown is what an event of a type that is not known here has beyond its envelope.
func unknown(e types.Event) any {
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Raw, &fields) != nil {
		return e.Raw
	}
	for _, name := range envelope {
		delete(fields, name)
	}
	return nonEmpty(fields)
}

// heading numbers the event and says the facts of all events below, and more that are not empty.
func (w *Writer) heading(e types.Event, title string, more ...string) {
	w.number++
	w.print(fmt.Sprintf("\n## %d. %s\n\n", w.number, title))
	facts := []string{"at " + e.Timestamp.UTC().Format("15:04:05.000")}
	if at := w.places[e.ParentID]; at > 0 {
		facts = append(facts, fmt.Sprintf("inside %d", at))
	}
	if e.Duration > 0 {
		facts = append(facts, "took "+format.Duration(e.Duration))
	}
	facts = append(facts, inline(string(e.Status)))
	for _, text := range more {
		facts = append(facts, inline(text))
	}
	w.print(strings.Join(nonBlank(facts), ", "), "\n")
	if len(w.places) >= maxPlaces {
		clear(w.places)
	}
	w.places[e.ID] = w.number
}

func nonBlank(list []string) (out []string) {
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (w *Writer) llmCall(e types.Event, call types.LLMCall) {
	attempts, costs := "", ""
	if call.Attempts > 1 {
		attempts = format.Plural(call.Attempts, "attempt")
	}
	if call.Cost != nil {
		costs = format.Cost(call.Cost)
	}
	w.heading(e, "LLM call: "+code(cmp.Or(call.Model, call.RequestModel, "unknown model")), call.Provider, call.Operation, tokens(call.Usage), costs, call.FinishReason, attempts)
	w.block("Prompt", call.Prompt)
	w.messages(call.Messages)
	w.block("Parameters", nonEmpty(call.Parameters))
	w.block("Response", call.Response)
	w.messages(call.OutputMessages)
	w.block("Error", call.Error)
}

// messages are the parts of a conversation, each under its role.
func (w *Writer) messages(list []types.Message) {
	for _, m := range list {
		who := inline(strings.TrimSpace(cmp.Or(m.Role, "message") + " " + m.Name))
		for _, p := range m.Parts {
			w.part(who, p)
		}
	}
}

func (w *Writer) part(who string, p types.Part) {
	switch p.Type {
	case "text":
		w.block(who, p.Content)
	case "reasoning":
		w.block(who+", reasoning", p.Content)
	case "tool_call":
		w.block(who+" calls "+code(p.Name), p.Arguments)
	case "tool_call_response":
		w.block(who+" gets", p.Response)
	default:
		w.block(who, p.Raw)
	}
}

func (w *Writer) toolCall(e types.Event, call types.ToolCall) {
	attempt, costs := "", ""
	if call.Attempt > 1 {
		attempt = fmt.Sprintf("attempt %d", call.Attempt)
	}
	if call.Cost != nil {
		costs = format.Cost(call.Cost)
	}
	w.heading(e, "Tool call: "+code(cmp.Or(call.ToolName, "unnamed tool")), attempt, costs)
	w.block("Reasoning", call.Reasoning)
	w.block("Input", call.ToolInput)
	w.block("Output", call.ToolOutput)
	w.block("Error", call.Error)
}

func (w *Writer) step(e types.Event, step types.Step) {
	w.heading(e, "Step: "+inline(cmp.Or(step.Name, "unnamed")), step.Kind)
	w.block("Input", step.Input)
	w.block("Output", step.Output)
	w.block("Error", step.Error)
}

func (w *Writer) decision(e types.Event, d types.Decision) {
	confidence := ""
	if d.Confidence != nil {
		confidence = format.Percent(d.Confidence) + " sure"
	}
	w.heading(e, "Decision: "+inline(cmp.Or(d.Chosen, "nothing chosen")), confidence)
	w.block("Reasoning", d.Reasoning)
	w.block("Alternatives", strings.Join(d.Alternatives, "\n"))
}

func (w *Writer) failure(e types.Event, f types.ErrorEvent) {
	recoverable := ""
	if !f.Recoverable {
		recoverable = "not recoverable"
	}
	w.heading(e, "Error: "+inline(cmp.Or(f.ErrorType, "unknown")), recoverable)
	w.block("", f.ErrorMessage)
	w.block("Recovery", f.RecoveryAction)
	w.block("Stack", f.StackTrace)
}

func (w *Writer) feedback(e types.Event, f types.Feedback) {
	score, on := "", ""
	if f.Score != nil {
		score = "score " + format.Number(*f.Score)
	}
	if at := w.places[f.EventID]; at > 0 {
		on = fmt.Sprintf("on %d", at)
	}
	w.heading(e, "Feedback: "+inline(cmp.Or(f.Name, "unnamed")), score, f.Label, on, f.UserID)
	w.block("", f.Comment)
}

// update tells what of the session changed.
func (w *Writer) update(e types.Event, f types.SessionFields) {
	w.heading(e, "Session update")
	for _, field := range [][2]string{
		{"Name", f.Name},
		{"Agent", strings.TrimSpace(f.AgentName + " " + f.AgentVersion)},
		{"User", f.UserID},
		{"Conversation", f.ConversationID},
		{"Tags", strings.Join(f.Tags, ", ")},
	} {
		if field[1] != "" {
			w.print("\n")
			w.item(field[0], inline(field[1]))
		}
	}
	w.block("Input", f.Input)
}
