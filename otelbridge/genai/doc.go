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
package genai
