// Package standin is a model server without a model: it speaks the OpenAI chat completions wire and answers by rules, so that the demo and the examples
// run where no model can be reached. It says what it is in its model name and in the Server header of every reply.
//
// The rules read the question and the results of the tools asked for so far, and decide the next tool call or the answer. The same conversation always gets the same reply. Tokens are counted over what was really read and written, by the rule of CountTokens.
package standin

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// Name is the model that replies name.
const Name = "sentrial-demo-model"

// Software is the Server header of every reply.
const Software = Name + " (rule-based stand-in, not a language model)"

// maxRequest bounds a request, in bytes.
const maxRequest = 16 << 20

// Handler serves POST /v1/chat/completions, streaming or not, and GET /v1/models.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", complete)
	mux.HandleFunc("GET /v1/models", models)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", Software)
		mux.ServeHTTP(w, r)
	})
}

func models(w http.ResponseWriter, _ *http.Request) {
	type model struct {
		ID     string `json:"id"`
		Object string `json:"object"`
	}
	reply(w, http.StatusOK, struct {
		Object string  `json:"object"`
		Data   []model `json:"data"`
	}{"list", []model{{Name, "model"}}})
}

func complete(w http.ResponseWriter, r *http.Request) {
	var req chat.Request
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(&req); err != nil {
		refuse(w, "the body is no chat completion request: "+err.Error())
		return
	}
	answer, err := respond(req)
	switch {
	case err != nil:
		refuse(w, err.Error())
	case req.Stream:
		stream(w, answer, req.StreamOptions)
	default:
		reply(w, http.StatusOK, answer)
	}
}

// respond plans the next turn of the conversation and dresses it as a completion.
func respond(req chat.Request) (*chat.Response, error) {
	talk, err := read(req)
	if err != nil {
		return nil, err
	}
	id, err := fingerprint(req)
	if err != nil {
		return nil, err
	}
	message, finish := next(talk, "call_"+id)
	return &chat.Response{
		ID: "chatcmpl-" + id, Object: "chat.completion", Created: time.Now().Unix(), Model: Name,
		Choices: []chat.Choice{{Message: message, FinishReason: finish}},
		Usage:   usage(req, message),
	}, nil
}

// fingerprint identifies a conversation up to here, and so the reply to it.
func fingerprint(req chat.Request) (string, error) {
	text, err := json.Marshal(req.Messages)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12]), nil
}

func refuse(w http.ResponseWriter, message string) {
	var failure chat.Failure
	failure.Error.Message, failure.Error.Type = message, "invalid_request_error"
	reply(w, http.StatusBadRequest, failure)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client went away: nobody is left to tell
}

var errNoQuestion = errors.New("messages: want at least one of role user")
