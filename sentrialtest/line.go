package sentrialtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/sentrial/sentrial-go/types"
)

// line is what a timeline says of an event, without its time.
func line(n *node) string {
	title := called(n.kind, inline(n.name))
	if about := about(n.event); about != "" {
		title += " " + about
	}
	facts := []string{positive(n.event.Duration), outcome(n.event)}
	facts = append(facts, more(n.event)...)
	if n.orphan {
		facts = append(facts, "orphan of "+n.event.ParentID)
	}
	if said := joined(facts); said != "" {
		title += ": " + said
	}
	return title
}

// about is what the event was given, in brief.
func about(e *types.Event) string {
	switch {
	case e.ToolCall != nil && e.ToolCall.ToolInput != nil:
		return brief(jsonText(e.ToolCall.ToolInput), 40)
	case e.Error != nil:
		return quoted(e.Error.ErrorMessage)
	}
	return ""
}

// outcome tells of a status only if it is not success.
func outcome(e *types.Event) string {
	switch {
	case neverEnded(e) && e.Status == types.StatusUnknown:
		return "never ended"
	case e.Status == "" || e.Status == types.StatusSuccess:
		return ""
	}
	return strings.TrimSpace(string(e.Status) + " " + quoted(failure(e)))
}

// failure is the text of what went wrong.
func failure(e *types.Event) string {
	switch {
	case e.ToolCall != nil:
		return e.ToolCall.Error
	case e.LLMCall != nil:
		return e.LLMCall.Error
	case e.Step != nil:
		return e.Step.Error
	}
	return ""
}

// more is what only some types have.
func more(e *types.Event) []string {
	switch {
	case e.LLMCall != nil:
		return []string{tokensText(e.LLMCall.Usage), costText(e.LLMCall.Cost)}
	case e.ToolCall != nil:
		return []string{costText(e.ToolCall.Cost)}
	case e.Decision != nil && e.Decision.Confidence != nil:
		return []string{"confidence " + strconv.FormatFloat(*e.Decision.Confidence, 'g', -1, 64)}
	case e.Error != nil && !e.Error.Recoverable:
		return []string{"not recoverable"}
	case e.Error != nil:
		return []string{strings.TrimSuffix("recoverable by "+quoted(e.Error.RecoveryAction), " by ")}
	}
	return nil
}

func tokensText(u types.Usage) string {
	if u.PromptTokens+u.CompletionTokens > 0 {
		return fmt.Sprintf("%d+%d tokens", u.PromptTokens, u.CompletionTokens)
	}
	return plural(u.TotalTokens, "token")
}

// tokensOf is the total as it was reported, else the sum of its parts.
func tokensOf(u types.Usage) int {
	if u.TotalTokens > 0 {
		return u.TotalTokens
	}
	return u.PromptTokens + u.CompletionTokens
}

func costText(usd *float64) string {
	if usd == nil {
		return ""
	}
	return nanoOf(*usd).String()
}

func positive(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return short(d)
}

// short rounds a duration to what fits a line.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		d = d.Round(10 * time.Millisecond)
	case d >= time.Millisecond:
		d = d.Round(10 * time.Microsecond)
	default:
		d = d.Round(time.Microsecond)
	}
	return d.String()
}

func plural(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// joined lists what is not empty.
func joined(facts []string) string {
	said := facts[:0:0]
	for _, f := range facts {
		if f != "" {
			said = append(said, f)
		}
	}
	return strings.Join(said, ", ")
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return `"` + brief(text, 120) + `"`
}

// brief is the beginning of a text, in one line.
func brief(text string, most int) string {
	text = inline(text)
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// inline makes one line of a text, of what can be seen.
func inline(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, text)
}
