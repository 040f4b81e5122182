package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// DefaultModel is asked for when an Endpoint names none.
const DefaultModel = "gpt-4o-mini"

// maxReply bounds what is read of a reply, in bytes.
const maxReply = 16 << 20

// Endpoint is where a model answers. It is safe for concurrent use.
type Endpoint struct {
	BaseURL string       // up to and without /chat/completions, such as https://api.openai.com/v1
	APIKey  string       // sent as a bearer token; empty = none
	Model   string       // asked for; default DefaultModel
	Client  *http.Client // default http.DefaultClient
}

// StatusError is an answer that is none: the status of the reply and what it says.
type StatusError struct {
	Status  int
	Message string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the model endpoint answered %d %s: %s", e.Status, http.StatusText(e.Status), e.Message)
}

// ModelName is the model this endpoint asks for.
func (e Endpoint) ModelName() string {
	if e.Model == "" {
		return DefaultModel
	}
	return e.Model
}

// Address is the base URL without a password that may be in it: for people to read.
func (e Endpoint) Address() string {
	u, err := url.Parse(e.BaseURL)
	if err != nil {
		return "(not a URL)"
	}
	return u.Redacted()
}

// Complete sends the conversation and returns the answer, which has at least one choice. It fills in req.Model when that is empty.
func (e Endpoint) Complete(ctx context.Context, req Request) (*Response, error) {
	if req.Model == "" {
		req.Model = e.ModelName()
	}
	body, err := json.Marshal(req)
	if err != nil {
		return nil, fmt.Errorf("encoding the chat request: %w", err)
	}
	reply, err := e.post(ctx, body)
	if err != nil {
		return nil, err
	}
	var resp Response
	if err := json.Unmarshal(reply, &resp); err != nil {
		return nil, fmt.Errorf("the model endpoint's reply is no chat completion: %w", err)
	}
	if len(resp.Choices) == 0 { // some endpoints report a failure with status 200
		return nil, fmt.Errorf("the model endpoint's reply has no choices: %s", failureMessage(reply))
	}
	return &resp, nil
}

// post returns the body of a 200 reply, a *StatusError for any other.
func (e Endpoint) post(ctx context.Context, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.BaseURL, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the address of the model endpoint is no URL: want one such as https://api.openai.com/v1: %w", errors.Unwrap(err))
	}
	req.Header.Set("Content-Type", "application/json")
	if e.APIKey != "" {
		req.Header.Set("Authorization", "Bearer "+e.APIKey)
	}
	resp, err := e.client().Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the model: %w", err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return nil, fmt.Errorf("reading the model's reply: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &StatusError{Status: resp.StatusCode, Message: failureMessage(reply)}
	}
	return reply, nil
}

func (e Endpoint) client() *http.Client {
	if e.Client == nil {
		return http.DefaultClient
	}
	return e.Client
}

// failureMessage is what a reply that is no answer says, its first 200 bytes where it is not of the documented form.
func failureMessage(reply []byte) string {
	var failure Failure
	if json.Unmarshal(reply, &failure) == nil && failure.Error.Message != "" {
		return failure.Error.Message
	}
	return string(reply[:min(len(reply), 200)])
}
