package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// events is the run as the SDK would have recorded it live: its session, each assistant turn as an LLM call with the messages that are new since the one
// before, each tool turn as a tool call below the LLM call that asked for it.
func (s source) events(index int, run *trajectory) []types.Event {
	rec := &recorder{source: s, run: index}
	rec.add(types.EventSessionStart, types.Event{
		Session:  &types.SessionFields{Name: fmt.Sprintf("%s %d", s.name, index), AgentName: s.name, Input: run.question(), Tags: []string{"replay"}},
		Metadata: map[string]any{"file": s.name, "run": index, "task_id": run.TaskID, "trial": run.Trial},
	})
	for _, turn := range run.Turns {
		rec.turn(turn)
	}
	rec.add(types.EventSessionEnd, types.Event{Result: run.result(), Metadata: rec.unanswered()})
	return rec.events
}

// recorder turns messages into events, in the order of the file.
type recorder struct {
	source
	run    int
	events []types.Event
	unread []message  // what the next LLM call reads
	open   []toolCall // what the last LLM call asked for and no tool has answered
	asker  string     // the event of that LLM call
}

// add completes the envelope. The file has no times: events follow each other by a microsecond and runs by a millisecond, from the file's own time on.
func (r *recorder) add(kind types.EventType, e types.Event) string {
	e.Type, e.SessionID, e.Seq = kind, r.sessionID(r.run), int64(len(r.events)+1)
	e.ID = r.eventID(r.run, e.Seq)
	e.Timestamp = r.modTime.Add(time.Duration(r.run)*time.Millisecond + time.Duration(e.Seq)*time.Microsecond)
	r.events = append(r.events, e)
	return e.ID
}

func (r *recorder) turn(m message) {
	switch m.Role {
	case "assistant":
		r.asker = r.add(types.EventLLMCall, types.Event{Status: types.StatusSuccess, LLMCall: &types.LLMCall{
			Messages: said(r.unread), OutputMessages: said([]message{m}),
		}})
		r.unread, r.open = nil, m.ToolCalls
	case "tool":
		r.toolCall(m)
		r.unread = append(r.unread, m)
	default:
		r.unread = append(r.unread, m)
	}
}

// toolCall records what a tool answered. What it answers is looked for in the last assistant turn only: ids come again in later turns.
func (r *recorder) toolCall(m message) {
	call := types.ToolCall{ToolName: m.Name, CallID: m.ToolCallID, ToolOutput: value(string(m.Content)), Status: types.StatusSuccess}
	parent := ""
	for i, asked := range r.open {
		if asked.ID == m.ToolCallID {
			call.ToolName, call.ToolInput = asked.Function.Name, value(asked.Function.Arguments)
			parent, r.open = r.asker, append(r.open[:i:i], r.open[i+1:]...)
			break
		}
	}
	if strings.HasPrefix(string(m.Content), "Error") {
		call.Status, call.Error = types.StatusError, string(m.Content)
	}
	r.add(types.EventToolCall, types.Event{ParentID: parent, Status: call.Status, ToolCall: &call})
}

// unanswered is what was said after the last LLM call, which is part of no event else.
func (r *recorder) unanswered() map[string]any {
	var last []any
	for _, m := range r.unread {
		if m.Role != "tool" {
			last = append(last, map[string]any{"role": m.Role, "content": string(m.Content)})
		}
	}
	if last == nil {
		return nil
	}
	return map[string]any{"unanswered": last}
}

// value is the JSON that a text holds, kept to the digit, or the text.
func value(content string) any {
	if json.Valid([]byte(content)) {
		return json.RawMessage(content)
	}
	return content
}

// question is the first thing the user said.
func (t *trajectory) question() any {
	for _, m := range t.Turns {
		if m.Role == "user" {
			return string(m.Content)
		}
	}
	return nil
}

// result is a success if the run was judged one, or not judged at all. Its output is what the agent said last.
func (t *trajectory) result() *types.SessionResult {
	result := &types.SessionResult{Status: types.StatusSuccess}
	if t.Reward != nil {
		result.Metrics = map[string]float64{"reward": *t.Reward}
		if *t.Reward < 1 {
			result.Status = types.StatusError
		}
	}
	for _, m := range t.Turns {
		if m.Role == "assistant" && m.Content != "" {
			result.Output = string(m.Content)
		}
	}
	return result
}
