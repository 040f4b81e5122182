package langchaingo

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"

	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go/types"
)

// printer says to people what happens. A nil one says nothing.
type printer struct {
	mu     sync.Mutex
	w      io.Writer
	colour bool
}

func newPrinter(w io.Writer) *printer {
	if w == nil {
		return nil
	}
	return &printer{w: w, colour: isTerminal(w)}
}

// isTerminal tells whether colours would be seen, and are wanted.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

const (
	beginColour  = "36" // cyan
	endColour    = "32" // green
	errorColour  = "31" // red
	actionColour = "33" // yellow
	textColour   = "2"  // faint
)

// maxLine is how much of a text is printed.
const maxLine = 200

func (p *printer) begins(what string, input any) {
	p.line(beginColour, strings.TrimSpace(what)+" <-", input)
}

func (p *printer) ends(what string, output any, err error) {
	if err != nil {
		p.line(errorColour, what+" failed:", err.Error())
		return
	}
	p.line(endColour, what+" ->", output)
}

func (p *printer) decides(action schema.AgentAction) {
	p.line(actionColour, "agent decides:", action.Tool+" "+action.ToolInput)
}

func (p *printer) found(documents int) {
	p.line(endColour, "retriever ->", fmt.Sprintf("%d documents", documents))
}

func (p *printer) answers(call *types.LLMCall, err error) {
	if p == nil {
		return
	}
	said := call.Response
	for _, m := range call.OutputMessages {
		for _, part := range m.Parts {
			said = strings.TrimSpace(said + " " + part.Content + part.Name)
		}
	}
	if u := call.Usage; u != (types.Usage{}) {
		said += fmt.Sprintf(" (%d+%d tokens)", u.PromptTokens, u.CompletionTokens)
	}
	p.ends(strings.TrimSpace("model "+call.Model), said, err)
}

// line prints one line, whatever the text contains.
func (p *printer) line(colour, what string, text any) {
	if p == nil {
		return
	}
	if p.colour {
		what = "\x1b[" + colour + "m" + what + "\x1b[0m"
	}
	quietly(func() {
		line := what + " " + oneLine(fmt.Sprint(text)) + "\n"
		p.mu.Lock()
		defer p.mu.Unlock()
		_, _ = io.WriteString(p.w, line)
	})
}

// oneLine is the beginning of a text without what would break the line or steer the terminal.
func oneLine(text string) string {
	cut := len(text) > maxLine
	if cut {
		text = strings.ToValidUTF8(text[:maxLine], "")
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if cut {
		text += " …"
	}
	return text
}
