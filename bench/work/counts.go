package work

// Counts is how often each call was recorded or delivered, by kind and number.
type Counts struct {
	Tools [Size]uint32
	LLMs  [Size]uint32
}

// Of is the counter of one call.
func (c *Counts) Of(k Kind, i int) *uint32 {
	if k == ToolKind {
		return &c.Tools[i]
	}
	return &c.LLMs[i]
}

// Sum is the number of events.
func (c *Counts) Sum() (n uint64) {
	for i := range Size {
		n += uint64(c.Tools[i]) + uint64(c.LLMs[i])
	}
	return n
}

// Beyond counts the events that c has more often than other: what was recorded beyond what was delivered is lost, what was delivered beyond what was recorded came
// more than once.
func (c *Counts) Beyond(other *Counts) (n uint64) {
	for i := range Size {
		n += beyond(c.Tools[i], other.Tools[i]) + beyond(c.LLMs[i], other.LLMs[i])
	}
	return n
}

func beyond(a, b uint32) uint64 {
	if a <= b {
		return 0
	}
	return uint64(a - b)
}
