package langchaingo

import (
	"strings"
	"sync"

	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go"
)

// intent is what an agent decided to do on a goroutine. The callbacks of tools name no tool; the action before them does.
type intent struct {
	action schema.AgentAction
	silent bool // the reason is not recorded
}

var intents struct {
	mu sync.Mutex
	of map[thinker]intent
}

// thinker is a goroutine on which agents decide, as one client hears of it.
type thinker struct {
	goroutine uint64
	client    *sentrial.Client
}

// maxIntents bounds what is kept of actions that no tool followed, on goroutines that are gone.
const maxIntents = 10_000

func (h *Handler) intend(now spot, action schema.AgentAction) {
	intents.mu.Lock()
	defer intents.mu.Unlock()
	if intents.of == nil {
		intents.of = map[thinker]intent{}
	}
	for other := range intents.of {
		if len(intents.of) < maxIntents {
			break
		}
		delete(intents.of, other)
	}
	intents.of[thinker{now.goroutine, h.client}] = intent{action: action, silent: h.noThoughts}
}

// forget drops an action that no tool followed.
func (h *Handler) forget(now spot) {
	intended(now, h.client, func(schema.AgentAction) bool { return true })
}

// intended takes the action that a tool is called for, if it is that tool.
func intended(now spot, client *sentrial.Client, same func(schema.AgentAction) bool) (i intent, ok bool) {
	who := thinker{now.goroutine, client}
	intents.mu.Lock()
	defer intents.mu.Unlock()
	if i, ok = intents.of[who]; !ok || !same(i.action) {
		return intent{}, false
	}
	delete(intents.of, who)
	return i, true
}

// byName is for who knows the tool.
func byName(name string) func(schema.AgentAction) bool {
	return func(a schema.AgentAction) bool { return strings.EqualFold(name, a.Tool) }
}

// byInput is for a callback, which knows nothing but the input; an executor cuts off what models write after it.
func byInput(input string) func(schema.AgentAction) bool {
	return func(a schema.AgentAction) bool {
		return strings.TrimSpace(input) == strings.TrimSpace(strings.TrimSuffix(a.ToolInput, "\nObservation:"))
	}
}

// reason is why the agent called the tool.
func (i intent) reason() string {
	if i.silent {
		return ""
	}
	return i.action.Log
}
