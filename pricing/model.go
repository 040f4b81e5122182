package pricing

// Class is a kind of tokens that has a price of its own.
type Class string

// The classes of tokens. Cached and cache-write tokens are not counted as input again, reasoning tokens not as output where they have a price of their own.
const (
	Input      Class = "input"
	CacheRead  Class = "cache_read"
	CacheWrite Class = "cache_write"
	Output     Class = "output"
	Reasoning  Class = "reasoning"
)

// Model is what one provider takes for one model. An unknown Rate is a price that the table does not have.
type Model struct {
	Name       string // as the table has it
	Provider   string // who takes that price: openai, anthropic, gemini, groq, ...; "" = whoever serves the model
	Input      Rate   // input that is neither read from nor written to the provider's cache
	Output     Rate
	CacheRead  Rate
	CacheWrite Rate
	Reasoning  Rate   // unknown = reasoning is charged as output
	Deprecated string // the day (2006-01-02) on which the provider takes the model away, "" = not announced

	table *origin
}

// Version is that of the table that the price is from: for a price of an override file, the file's.
func (m *Model) Version() string { return m.table.version }

// Source says where that table has its prices from.
func (m *Model) Source() string { return m.table.source }

// Rate is the price of one class.
func (m *Model) Rate(c Class) Rate {
	switch c {
	case Input:
		return m.Input
	case Output:
		return m.Output
	case CacheRead:
		return m.CacheRead
	case CacheWrite:
		return m.CacheWrite
	case Reasoning:
		return m.Reasoning
	}
	return Rate{}
}

func (m *Model) costsAsMuchAs(n *Model) bool {
	for _, c := range classes {
		if m.Rate(c) != n.Rate(c) {
			return false
		}
	}
	return true
}

// origin is the table that a model was read from.
type origin struct{ version, source string }
