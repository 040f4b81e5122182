package genai

import "time"

// Assembler puts traces together of spans that come in any order, in any number of pieces, more than once or not at all, and gives the events that they become. It
// has no clock and no goroutine: the caller says what time it is. It is not safe for concurrent use.
type Assembler struct{}

// NewAssembler gives an empty one.
func NewAssembler(Config) *Assembler { return &Assembler{} }

// Add takes spans. They are kept until Take or TakeAll gives them away, and must not be changed. Spans without ids are left out and counted in the result.
func (a *Assembler) Add(now time.Time, spans ...*Span) (left int) { return 0 }

// AddLogs takes log records. Those that belong to no span, or hold nothing that is known here, are left out and counted in the result.
func (a *Assembler) AddLogs(now time.Time, logs ...*Log) (left int) { return 0 }

// Take gives what is due: traces that are complete or have waited long enough, and ends of sessions that were idle.
func (a *Assembler) Take(now time.Time) []Released { return nil }

// TakeAll gives all that is held, at the end of a program for example. Sessions with an id of their own stay open.
func (a *Assembler) TakeAll(now time.Time) []Released { return nil }

// Close is TakeAll, and ends the sessions that are open.
func (a *Assembler) Close(now time.Time) []Released { return nil }

// CloseSession ends a session that has an id of its own, after giving what is held of it.
func (a *Assembler) CloseSession(now time.Time, id string) []Released { return nil }

// Next is when Take will have something to give, if nothing comes before; false means never.
func (a *Assembler) Next() (time.Time, bool) { return time.Time{}, false }

// Held counts the spans and logs that were not given away yet.
func (a *Assembler) Held() int { return 0 }

// Released is what one trace became.
type Released struct {
	TraceID      TraceID // zero for ends of idle sessions
	Events       []Event // in the order of time
	Explanations []Explanation
}

// Explanation tells what became of a span and why.
type Explanation struct {
	Span     *Span
	Dialects []string // whose attributes or scope it has
	Kind     string   // llm, embeddings, tool, retrieval, memory, agent, workflow, plan, decision, chain, other, ours
	Rule     string   // what says so, such as `gen_ai.operation.name = chat`
	Became   []string // ids of the events; none: Why says why
	Why      string   // such as "the call inside it is counted", "the same call as span 1f…"
	Session  string
	From     string // the attribute that named the session, "" = the trace
	Fields   []FieldSource
}

// FieldSource says where a field of an event came from.
type FieldSource struct {
	Field   string // as on the wire: model, prompt_tokens, tool_input, ...
	Key     string // the attribute or span event
	Dialect string
	Value   any
}
