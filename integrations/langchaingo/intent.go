package langchaingo

import (
	"strings"
	"sync"

	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
)

// intent is what an agent decided to do on a goroutine. The callbacks of tools name no tool; the action before them does.
type intent struct {
	client *sentrial.Client
	action schema.AgentAction
	silent bool // the reason is not recorded
}

var intents struct {
	mu sync.Mutex
	of map[uint64]intent // by goroutine
}

// maxIntents bounds what is kept of actions that no tool followed, on goroutines that are gone.
const maxIntents = 10_000

func (h *Handler) intend(action schema.AgentAction) {
	intents.mu.Lock()
	defer intents.mu.Unlock()
	if intents.of == nil {
		intents.of = map[uint64]intent{}
	}
	for goroutine := range intents.of {
		if len(intents.of) < maxIntents {
			break
		}
		delete(intents.of, goroutine)
	}
	intents.of[adapter.Goroutine()] = intent{client: h.client, action: action, silent: h.noThoughts}
}

// forget drops an action that no tool followed.
func (h *Handler) forget() { intended(h.client, "") }

// intended takes the action that the tool of that name was called for. A callback, which knows no name, takes any.
func intended(client *sentrial.Client, name string) (i intent, ok bool) {
	goroutine := adapter.Goroutine()
	intents.mu.Lock()
	defer intents.mu.Unlock()
	i, ok = intents.of[goroutine]
	if !ok || i.client != client || name != "" && !strings.EqualFold(name, i.action.Tool) {
		return intent{}, false
	}
	delete(intents.of, goroutine)
	return i, true
}

// reason is why the agent called the tool.
func (i intent) reason() string {
	if i.silent {
		return ""
	}
	return i.action.Log
}
