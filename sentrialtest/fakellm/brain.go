package fakellm

import (
	"encoding/json"
	"net/http"

	"github.com/sentrial/sentrial-go/types"
)

// Brain answers in the place of a model. It is called once for every request that could be read, from many goroutines at a time.
type Brain func(Request) Reply

// Request is what a client asked, whatever wire it came by.
type Request struct {
	Wire       string                     // openai.chat, openai.responses, openai.embeddings, anthropic.messages, gemini.generate_content, gemini.embed_content, ollama.chat, ollama.embed
	Model      string                     // as the client named it
	Messages   []types.Message            // the conversation, instructions first as role system; of embeddings, each text as a user's message
	Tools      []string                   // names of the tools on offer, in order
	Parameters map[string]json.RawMessage // the JSON schema of each tool that has one, by name
	Stream     bool                       // the reply is wanted as a stream
	Attempt    int                        // how often this same body came, from 1: clients that try again count up
	Path       string                     // path of the URL
	Header     http.Header                // as sent, keys included: do not print it
	Body       []byte                     // as sent
}

// Reply is what to answer. The zero value is an empty answer that ends with stop.
type Reply struct {
	Text         string
	Reasoning    string // travels where the wire has a place for it: Ollama's thinking, Anthropic's, Gemini's thoughts, reasoning_content, a summary
	ToolCalls    []ToolCall
	Usage        types.Usage // 0 tokens in and out = guessed from the lengths of the texts
	FinishReason string      // stop, tool_call, length or content_filter; "" = as fits
	Model        string      // the model that answers; "" = the one asked for
	ID           string      // of the answer; "" = one that is counted up

	Status int         // 0 = 200; another one of 400 and more sends the provider's error body with Error
	Error  string      // what went wrong; with Status 0 a stream breaks off with it after its first piece, and anything else fails with 500
	Header http.Header // added to the reply's, such as Retry-After

	Pieces int             // stream: cut the text into as many, never inside of a character; 0 = by words
	Gate   <-chan struct{} // hold back all that follows the first piece of a stream, or all of another reply, until it is closed
	Hang   bool            // the same for ever: until the client goes away or the server closes
	Cut    bool            // end the connection after the first piece of a stream, or in the middle of another reply
}

// ToolCall is one call that the model asks for.
type ToolCall struct {
	ID        string // "" = one that is counted up
	Name      string
	Arguments any // any value that has a JSON form; a json.RawMessage goes out as it is
}
