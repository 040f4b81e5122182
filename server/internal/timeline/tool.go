package timeline

import (
	"cmp"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// toolCall: the tool, what went in and what came out.
func (d *drawer) toolCall(e types.Event, call types.ToolCall) entry {
	title := d.heading(e, cmp.Or(call.ToolName, "(unnamed tool)"))
	if call.Attempt > 1 {
		title = title.Add(console.Yellow, " attempt "+format.Count(call.Attempt))
	}
	en := entry{
		title: title,
		facts: d.exchange(call.ToolInput, call.ToolOutput),
		notes: d.brief(console.Red, call.Error),
		full:  []section{{"input", call.ToolInput}, {"output", call.ToolOutput}, {"reasoning", call.Reasoning}, {"error", call.Error}},
	}
	if call.Cost != nil {
		en.title = en.title.Add(console.Dim, " "+format.Cost(call.Cost))
	}
	return en
}

// step is work that is neither a tool nor a model.
func (d *drawer) step(e types.Event, step types.Step) entry {
	title := d.heading(e, cmp.Or(step.Name, "(unnamed step)"))
	if step.Kind != "" && step.Kind != "step" && step.Kind != step.Name {
		title = title.Add(console.Dim, " "+step.Kind)
	}
	return entry{
		title: title,
		facts: d.exchange(step.Input, step.Output),
		notes: d.brief(console.Red, step.Error),
		full:  []section{{"input", step.Input}, {"output", step.Output}, {"error", step.Error}},
	}
}

// exchange is input => output, in brief.
func (d *drawer) exchange(in, out any) console.Text {
	if d.Full {
		return console.Text{}
	}
	left, right := format.Preview(in), format.Preview(out)
	var t console.Text
	if left != "" {
		t = t.Add(console.None, left)
	}
	if right == "" {
		return t
	}
	if left != "" {
		t = t.Add(console.None, " ")
	}
	return t.Add(console.Dim, d.glyph.arrow+" ").Add(console.None, right)
}
