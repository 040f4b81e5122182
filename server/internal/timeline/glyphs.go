package timeline

import (
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// glyphs are the marks that differ between a terminal and plain text.
type glyphs struct {
	branch, last, pipe, blank string // the tree
	arrow, dot, recovery      string
	rule                      string // the ruler
	icons                     map[types.EventType]string
	unknownIcon               string
}

var blocks = glyphs{
	branch: "├ ", last: "└ ", pipe: "│ ", blank: "  ",
	arrow: "→", dot: "·", recovery: "↻", rule: "─",
	icons: map[types.EventType]string{
		types.EventLLMCall:       "✦",
		types.EventToolCall:      "▪",
		types.EventDecision:      "◇",
		types.EventError:         "✗",
		types.EventStep:          "▹",
		types.EventFeedback:      "★",
		types.EventSessionUpdate: "↺",
	},
	unknownIcon: "•",
}

var ascii = glyphs{
	branch: "|- ", last: "`- ", pipe: "|  ", blank: "   ",
	arrow: "=>", dot: "|", recovery: "recovery:", rule: "-",
	icons: map[types.EventType]string{
		types.EventLLMCall:       "llm",
		types.EventToolCall:      "tool",
		types.EventDecision:      "decision",
		types.EventError:         "error",
		types.EventStep:          "step",
		types.EventFeedback:      "feedback",
		types.EventSessionUpdate: "update",
	},
	unknownIcon: "event",
}

func glyphsFor(c console.Console) glyphs {
	if c.Unicode {
		return blocks
	}
	return ascii
}

func (g glyphs) icon(t types.EventType) string {
	if icon, ok := g.icons[t]; ok {
		return icon
	}
	return g.unknownIcon
}

// color tells the kinds of events apart; what failed is red whatever its kind.
func color(e types.Event) console.Style {
	if failed(e) {
		return console.Red
	}
	switch e.Type {
	case types.EventLLMCall:
		return console.Magenta
	case types.EventToolCall:
		return console.Cyan
	case types.EventDecision:
		return console.Yellow
	case types.EventStep:
		return console.Blue
	case types.EventFeedback:
		return console.Green
	}
	return console.None
}

func failed(e types.Event) bool {
	return e.Type == types.EventError || e.Status == types.StatusError
}

// StatusText is a status with its mark and colour.
func StatusText(c console.Console, s types.Status) console.Text {
	mark, style := "?", console.Dim
	switch s {
	case types.StatusSuccess:
		mark, style = "✓", console.Green
	case types.StatusError:
		mark, style = "✗", console.Red
	case types.StatusActive, types.StatusRunning:
		mark, style = "●", console.Cyan
	case types.StatusCancelled:
		mark, style = "⊘", console.Yellow
	case types.StatusAbandoned:
		mark, style = "○", console.Yellow
	case "":
		return console.Text{}
	}
	if !c.Unicode {
		return console.Line(style, string(s))
	}
	return console.Line(style, mark+" "+string(s))
}
