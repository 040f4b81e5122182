// Package genai finds out what GenAI spans say, whatever instrumentation wrote them: which are calls of models and tools, with which content, tokens and errors,
// and to which session they belong. It knows nothing of OpenTelemetry's SDK nor of Sentrial's; both sides of the bridge and the server's OTLP routes use it.
//
// An [Assembler] takes spans in any order and gives events once enough of a trace has been seen:
//
//	a := genai.NewAssembler(genai.Config{})
//	a.Add(now, spans...)
//	for _, r := range a.Take(later) {
//		use(r.Events)
//	}
//
// # Dialects
//
// Each instrumentation has a file of its own, dialect_NAME.go, that says which attribute holds which field, how its spans are told apart, and what takes more than
// a look at one attribute. A new one is a new file. Where several say the same thing, the one with the lower rank counts.
//
// # Where to look
//
// One span, in the order of the work: span.go, dialect.go, reading.go, findings.go, classify.go, then what is made of it: llmcall.go, toolcall.go, usage.go, conversation.go
// and message.go, failure.go, rest.go. A trace: assembler.go and held.go (what is held, and until when), assembly.go (all steps in their order), sessions.go, parents.go,
// wrappers.go, duplicates.go and twins.go (one call seen twice), origins.go (where an error began), makeevents.go, remembered.go (for spans that come later), explain.go.
package genai
