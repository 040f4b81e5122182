package genai

// Names that no dialect has to itself: smolagents, Pipecat, the first Mastra and programs that write spans by hand call what went in and came out like this.
var _ = newDialect(dialect{
	name: "plain", rank: 110,
	keys: []keyed{
		{"input", fieldInput},
		{"output", fieldOutput},
		{"tools", fieldToolDefinitions},
	},
	common: []string{"input", "output", "tools"},
})
