package genai

// Names that no dialect has to itself: smolagents, Pipecat, the first Mastra and programs that write spans by hand call what went in and came out like this.
var others = newDialect(dialect{
	name: "plain names", rank: 110,
	keys: []keyed{
		{"input", fieldInput},
		{"output", fieldOutput},
	},
	common: []string{"input", "output"},
})
