package genai

// kind is what a span is, before its surroundings are looked at.
type kind uint8

// The kinds of spans.
const (
	kindOther      kind = iota // not GenAI: an HTTP request, a database query
	kindChain                  // GenAI, and no event by itself: a step of a framework
	kindLLM                    // one call of a model, or a wrapper around it
	kindEmbeddings             // the same, for embeddings
	kindTool
	kindRetrieval
	kindMemory
	kindAgent
	kindWorkflow // what goes on around agents
	kindPlan
	kindDecision
	kindEvaluation
	kindOurs // made by Sentrial's SDK of an event that it recorded
)

var kindNames = [...]string{
	kindOther: "other", kindChain: "chain", kindLLM: "llm", kindEmbeddings: "embeddings", kindTool: "tool", kindRetrieval: "retrieval", kindMemory: "memory",
	kindAgent: "agent", kindWorkflow: "workflow", kindPlan: "plan", kindDecision: "decision", kindEvaluation: "evaluation", kindOurs: "ours",
}

func (k kind) String() string { return kindNames[k] }

// inference tells whether a span of the kind calls a model.
func (k kind) inference() bool { return k == kindLLM || k == kindEmbeddings }

// toolLike tells whether a span of the kind becomes a tool call.
func (k kind) toolLike() bool { return k == kindTool || k == kindRetrieval || k == kindMemory }
