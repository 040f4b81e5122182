package fakellm

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// object is a JSON object to be written.
type object = map[string]any

// wire is one of a provider's ways to be asked.
type wire struct {
	name   string
	family *family
	read   func(*Request, *http.Request) error // from the body and the URL
	whole  func(*exchange) any
	stream func(*exchange, *stream) // nil: never streams
	broken func(*exchange, *stream) // what a stream ends with when something went wrong
	format format
}

// family is what a provider's wires have in common.
type family struct {
	fail      func(status int, message string, number int) any
	requestID string // header with the id of each request
}

// find gives the wire of a request, nil if there is none at its path.
func find(r *http.Request) *wire {
	if r.Method != http.MethodPost {
		return nil
	}
	for suffix, wire := range wires {
		if strings.HasSuffix(r.URL.Path, suffix) {
			return wire
		}
	}
	return nil
}

// wires by how their paths end; no two of these end alike.
var wires = map[string]*wire{
	"/chat/completions":      openaiChat,
	"/responses":             openaiResponses,
	"/embeddings":            openaiEmbeddings,
	"/v1/messages":           anthropicMessages,
	":generateContent":       geminiGenerate,
	":streamGenerateContent": geminiGenerate,
	":embedContent":          geminiEmbed,
	":batchEmbedContents":    geminiEmbed,
	"/api/chat":              ollamaChat,
	"/api/embed":             ollamaEmbed,
}

// familyOf guesses whose error a request to an unknown path expects.
func familyOf(r *http.Request) *family {
	path := r.URL.Path
	switch {
	case r.Header.Get("Anthropic-Version") != "":
		return anthropic
	case strings.HasPrefix(path, "/v1beta") || r.Header.Get("X-Goog-Api-Key") != "":
		return gemini
	case strings.HasPrefix(path, "/api/"):
		return ollama
	}
	return openai
}

// request reads what was asked. What could be read stands in the request also when there is an error.
func (w *wire) request(r *http.Request) (Request, error) {
	req := Request{Wire: w.name, Path: r.URL.Path, Header: r.Header.Clone()}
	body, err := readBody(r)
	if err != nil {
		return req, err
	}
	req.Body = body
	if err := w.read(&req, r); err != nil {
		return req, readable(err)
	}
	if req.Model == "" {
		return req, errNoModel
	}
	return req, nil
}

var errNoModel = errors.New("you must provide a model parameter")

// readable says what is wrong with a body without naming this package's types.
func readable(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("invalid type for %q: %s", strings.ToLower(wrong.Field), wrong.Value)
	}
	return fmt.Errorf("could not read the request: %w", err)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(value), '\n')) // a client that went away does not read it
}
