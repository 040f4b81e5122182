package fakellm

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// exchange is one request with its reply.
type exchange struct {
	Request
	Reply

	wire    *wire
	number  int // of the request, for ids
	created time.Time
}

// complete fills in what the brain left open.
func (e *exchange) complete() {
	e.Reply.Model = cmp.Or(e.Reply.Model, e.Request.Model)
	if e.FinishReason == "" {
		e.FinishReason = "stop"
		if len(e.ToolCalls) > 0 {
			e.FinishReason = "tool_call"
		}
	}
	calls := make([]ToolCall, len(e.ToolCalls)) // the brain's own slice stays as it is
	for i, call := range e.ToolCalls {
		call.ID = cmp.Or(call.ID, fmt.Sprintf("call_fake%d_%d", e.number, i))
		calls[i] = call
	}
	e.ToolCalls = calls
	if e.Usage.PromptTokens == 0 && e.Usage.CompletionTokens == 0 {
		e.Usage = e.guess()
	}
	e.Usage.TotalTokens = cmp.Or(e.Usage.TotalTokens, e.Usage.PromptTokens+e.Usage.CompletionTokens)
}

// guess counts a token for every four bytes.
func (e *exchange) guess() types.Usage {
	in, out := 0, tokens(e.Text)+tokens(e.Reasoning)
	for _, m := range e.Messages {
		for _, p := range m.Parts {
			in += tokens(p.Content)
		}
	}
	for _, call := range e.ToolCalls {
		out += tokens(call.Name) + tokens(call.arguments())
	}
	return types.Usage{PromptTokens: max(in, 1), CompletionTokens: out, ReasoningTokens: tokens(e.Reasoning)}
}

func tokens(text string) int { return (len(text) + 3) / 4 }

// id gives the answer's id, or one with the provider's prefix.
func (e *exchange) id(prefix string) string {
	return cmp.Or(e.Reply.ID, prefix+"fake"+strconv.Itoa(e.number))
}

// arguments are the call's as JSON; without any an empty object.
func (c ToolCall) arguments() string {
	if text := string(encode(c.Arguments)); text != "null" {
		return text
	}
	return "{}"
}

// raw are the arguments, for wires on which they are no text.
func (c ToolCall) raw() json.RawMessage { return json.RawMessage(c.arguments()) }

// encode writes JSON as the providers do: <, > and & stay as they are.
func encode(value any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return []byte("null") // arguments that have no JSON form
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// send writes the reply.
func (e *exchange) send(w http.ResponseWriter, r *http.Request) {
	if id := e.wire.family.requestID; id != "" {
		w.Header().Set(id, "req_fake"+strconv.Itoa(e.number))
	}
	maps.Copy(w.Header(), e.Reply.Header)
	switch streams := e.Stream && e.wire.stream != nil; {
	case e.Status >= http.StatusBadRequest:
		e.fail(w, e.Status)
	case streams:
		e.play(w, r)
	case e.Error != "":
		e.fail(w, http.StatusInternalServerError)
	default:
		e.write(w, r)
	}
}

func (e *exchange) fail(w http.ResponseWriter, status int) {
	writeJSON(w, status, e.wire.family.fail(status, cmp.Or(e.Error, http.StatusText(status)), e.number))
}

// write sends a reply that is no stream.
func (e *exchange) write(w http.ResponseWriter, r *http.Request) {
	if !e.wait(r.Context()) {
		return
	}
	body := append(encode(e.wire.whole(e)), '\n')
	w.Header().Set("Content-Type", "application/json")
	if !e.Cut {
		_, _ = w.Write(body) // a client that went away does not read it
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body[:len(body)/2])
	flush(w)
	panic(http.ErrAbortHandler) // net/http's way to end a connection
}
