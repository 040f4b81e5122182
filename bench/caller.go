package main

import (
	"github.com/sentrial/sentrial-go/bench/peer"
	"github.com/sentrial/sentrial-go/bench/work"
)

// caller records the calls of an agent, one after the other, and writes to its maps again after each.
type caller struct {
	calls           *work.Work
	restore, change func(*work.Tool)
	recorded        *work.Counts
	next            int
}

// newCaller makes one that is as rough as the peer can bear: without a snapshot, writing to a map would crash the process.
func newCaller(snapshot, still bool) *caller {
	c := &caller{calls: work.New(), recorded: new(work.Counts)}
	switch {
	case still:
		c.restore, c.change = leave, leave
	case snapshot:
		c.restore, c.change = (*work.Tool).Restore, (*work.Tool).Change
	default:
		c.restore, c.change = (*work.Tool).RestoreNumber, (*work.Tool).ChangeNumber
	}
	return c
}

func leave(*work.Tool) {}

func (c *caller) tool(p peer.Peer) {
	i := c.next % work.Size
	c.next++
	t := &c.calls.Tools[i]
	c.restore(t)
	p.ToolCall(t)
	c.change(t)
	c.recorded.Tools[i]++
}

func (c *caller) llm(p peer.Peer) {
	i := c.next % work.Size
	c.next++
	p.LLMCall(&c.calls.LLMs[i])
	c.recorded.LLMs[i]++
}

// mixed alternates.
func (c *caller) mixed(p peer.Peer) {
	i := c.next / 2 % work.Size
	if c.next++; c.next%2 == 0 {
		p.LLMCall(&c.calls.LLMs[i])
		c.recorded.LLMs[i]++
		return
	}
	t := &c.calls.Tools[i]
	c.restore(t)
	p.ToolCall(t)
	c.change(t)
	c.recorded.Tools[i]++
}
