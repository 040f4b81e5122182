package eventmill

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// writer makes an event and its JSON at once.
type writer struct {
	*session
	store.Event
	out []byte
}

func (w *writer) open(kind types.EventType) {
	w.Type = kind
	w.out = fmt.Appendf(make([]byte, 0, 2048), `{"id":%q,"type":%q,"session_id":%q`, w.ID, kind, w.SessionID)
	if w.ParentID != "" {
		w.text("parent_id", w.ParentID)
	}
	w.number("seq", w.Seq)
	w.text("timestamp", w.Timestamp.Format(time.RFC3339Nano))
}

func (w *writer) finish() store.Event {
	w.Raw = append(w.out, '}')
	return w.Event
}

func (w *writer) raw(name, value string) {
	w.out = append(append(append(append(w.out, `,"`...), name...), `":`...), value...)
}

func (w *writer) text(name, value string) { w.raw(name, `"`+value+`"`) } // nothing here needs an escape

func (w *writer) number(name string, n int64) { w.raw(name, strconv.FormatInt(n, 10)) }

// words writes a text of about that many bytes.
func (w *writer) words(name string, size int) {
	w.raw(name, `"`)
	w.out = append(w.session.words.text(w.out, w.random, size/2+w.random.IntN(size)), '"')
}

// object writes an object with a text.
func (w *writer) object(name, member string, size int) {
	w.raw(name, `{"limit":10`)
	w.words(member, size)
	w.out = append(w.out, '}')
}

func (w *writer) start() {
	agent := fmt.Sprintf("agent-%02d", w.pick(agents))
	c := &store.Change{Name: "run " + strconv.Itoa(w.session.number), AgentName: agent, UserID: fmt.Sprintf("user-%04d", w.pick(users))}
	w.Change = c
	w.open(types.EventSessionStart)
	w.text("name", c.Name)
	w.text("agent_name", c.AgentName)
	w.text("user_id", c.UserID)
	if w.random.IntN(3) == 0 {
		c.ConversationID = fmt.Sprint("conv-", w.session.number/4)
		w.text("conversation_id", c.ConversationID)
	}
	begin := len(w.out) + len(`,"input":`)
	w.words("input", 600)
	c.Input = w.out[begin:len(w.out):len(w.out)]
}

// end leaves one session in twenty open: another step is its last event.
func (w *writer) end() {
	if w.random.IntN(20) == 0 {
		w.step()
		return
	}
	w.Status, w.Change = w.outcome(), new(store.Change)
	w.open(types.EventSessionEnd)
	w.text("status", string(w.Status))
	begin := len(w.out) + len(`,"output":`)
	w.words("output", 400)
	w.Change.Output = w.out[begin:len(w.out):len(w.out)]
}

func (w *writer) work(seq int) {
	switch seq % 6 {
	case 1, 4:
		w.llmCall()
	case 2:
		w.decision()
	case 3, 5:
		w.toolCall()
	default:
		w.step()
	}
}

// timed opens an event that took some time and may have failed.
func (w *writer) timed(kind types.EventType) {
	d := w.lasts()
	w.Duration, w.Status = &d, w.status()
	w.open(kind)
	w.raw("duration_ms", strconv.FormatFloat(float64(d)/1e6, 'f', -1, 64))
	w.text("status", string(w.Status))
	if w.Status == types.StatusError {
		w.words("error", 60)
	}
}

func (w *writer) llmCall() {
	w.timed(types.EventLLMCall)
	w.Model = fmt.Sprintf("model-%02d", w.pick(models))
	w.Tokens.Prompt, w.Tokens.Completion = 200+w.random.Int64N(4000), 20+w.random.Int64N(800)
	cost := store.NanoUSD(math.Round(float64(w.Tokens.Prompt*150+w.Tokens.Completion*600)/1000)) * 1000
	w.Cost = &cost
	w.text("model", w.Model)
	w.text("provider", "openai")
	w.words("prompt", 1200)
	w.words("response", 500)
	w.number("prompt_tokens", w.Tokens.Prompt)
	w.number("completion_tokens", w.Tokens.Completion)
	w.raw("cost", strconv.FormatFloat(cost.USD(), 'f', -1, 64))
	w.text("finish_reason", "stop")
}

func (w *writer) toolCall() {
	w.timed(types.EventToolCall)
	w.ToolName = fmt.Sprintf("tool-%02d", w.pick(tools))
	w.text("tool_name", w.ToolName)
	w.object("tool_input", "query", 100)
	w.object("tool_output", "text", 1050)
}

func (w *writer) decision() {
	w.open(types.EventDecision)
	w.words("reasoning", 900)
	w.raw("alternatives", `["search again","ask the user","answer"]`)
	w.text("chosen", "answer")
	w.raw("confidence", "0.85")
}

func (w *writer) step() {
	w.timed(types.EventStep)
	w.text("name", "retrieve")
	w.words("output", 1000)
}
