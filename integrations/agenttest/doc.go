// Package agenttest plays one scripted agent through any integration and compares what it recorded with one file, expected.json, that all of them share.
// It is for the tests of those who write an adapter.
//
// The agent asks a model for an order; the model thinks, asks for the tool find_order, and answers. Then the tool fails, the model's server refuses a
// request, is overloaded the first time, and the agent walks away from an answer that is half there. Each of these is played streaming and not, alone and
// inside of [sentrial.LLM], which has to give one event either way. The server is [fakellm], and speaks the provider's wire to the integration's real client.
//
// # For a new adapter
//
// Write an [Agent] whose Ask calls the client as its users would, and run the script:
//
//	func TestAgent(t *testing.T) {
//		agenttest.Run(t, agenttest.Driver{
//			Name: "eino", Model: "gpt-4o-mini", Provider: "openai",
//			Lacks: []string{"cache_write_tokens"}, // this wire has no word for it
//			Open: func(t *testing.T, baseURL string, client *sentrial.Client) agenttest.Agent {
//				return &agent{model: newModel(baseURL+"/v1", eino.NewHandler(client))}
//			},
//		})
//	}
//
// Ask turns the question's messages, tools, MaxTokens and Temperature into the client's own types, and calls Question.Piece with each piece of a streamed
// text. The last message may be the result of a tool, as JSON text in the Response of its part; its Name is the tool's. An integration that records tools
// has a CallTool besides, see [ToolCaller].
//
// What is recorded differs from wire to wire in a few facts. A driver names those that it cannot have in Lacks, by their names in expected.json; the test
// fails when it has them after all. Model, provider and operation are written there as MODEL, PROVIDER and OPERATION, and mean the driver's. A cost is that of
// the tokens that the driver does not lack, by a table of the script's own, so any name of a model will do.
//
// A client that does not try again after a 503 is called a second time by the script, with the same question. That is one event with two attempts where
// the integration sees that it is the same call; where it cannot, the driver lacks [RetriesApart].
package agenttest
