package sentrial

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// overhearers are told of each LLM and tool call that ends inside an OpenTelemetry span, as the span around may be the same call: a bridge that turns it into an
// event would record that call twice.
type overhearers struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*overhearer]
}

type overhearer struct{ heard func(*types.Event) }

func overhear(client any, heard func(*types.Event)) (stop func()) {
	c := attached(client)
	if c == nil {
		return func() {}
	}
	one := &overhearer{heard}
	c.overhearers.change(func(list []*overhearer) []*overhearer { return append(list, one) })
	return func() {
		c.overhearers.change(func(list []*overhearer) []*overhearer {
			return slices.DeleteFunc(list, func(other *overhearer) bool { return other == one })
		})
	}
}

func (o *overhearers) change(how func([]*overhearer) []*overhearer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := how(slices.Clone(o.all()))
	o.list.Store(&list)
}

func (o *overhearers) all() []*overhearer {
	if list := o.list.Load(); list != nil {
		return *list
	}
	return nil
}

// overheard tells of the end of a span's event.
func (c *Client) overheard(e *types.Event) {
	list := c.overhearers.all()
	if len(list) == 0 || e.SpanID == "" || e.Type != types.EventLLMCall && e.Type != types.EventToolCall {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("overhear", "sentrial: who listens to the client panicked", "panic", jsonenc.PanicText(v))
		}
	}()
	for _, o := range list {
		o.heard(e)
	}
}
