package genai

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"
)

// failed tells whether the span ended in an error. An exception that was only noted on it, as one that was handled, is none; neither is an error type on a span
// whose status says that all went well. A status that says so does not prove it: models that stop with an error do so under any status.
func (r *reading) failed() bool {
	switch {
	case r.span.Status == StatusError, isError(r.level()):
		return true
	case r.kind == kindLLM && slices.Contains(r.finishReasons(), "error"):
		return true
	case r.kind.toolLike() && r.complaint() != nil:
		return true // its level was asked for above
	}
	return r.has(fieldErrorType) && r.span.Status != StatusOK
}

// level is a word by which the span says how it ended.
func (r *reading) level() string {
	return cmp.Or(textOf(r.get(fieldToolStatus).value), textOf(r.get(fieldLevel).value))
}

// complaint gives what a tool answered when it failed. One of an MCP server says so in its answer: the call itself went well then, and so does the span's status.
func (r *reading) complaint() any {
	output := r.get(fieldToolOutput).value
	if output == nil || isError(r.level()) {
		return output
	}
	raw := structured(output)
	if !bytes.Contains(raw, []byte(`"isError"`)) || string(member(raw, "isError")) != "true" {
		return nil
	}
	if content := member(raw, "content"); content != nil {
		return content
	}
	return raw
}

func isError(word string) bool {
	switch strings.ToLower(word) {
	case "error", "failed", "failure":
		return true
	}
	return false
}

// incomplete tells whether a call of a model says nothing at all, neither what was asked nor answered nor how it ended.
func (r *reading) incomplete() bool {
	if r.kind != kindLLM || r.failed() || r.span.Status != StatusUnset {
		return false
	}
	return !slices.ContainsFunc(callFields, r.has) && !r.hasContent()
}

var callFields = []field{
	fieldServedModel, fieldNamedModel, fieldRequestModel, fieldInputTokens, fieldOutputTokens, fieldTotalTokens, fieldFinishReasons, fieldResponseID,
}

func (r *reading) status() Status {
	switch {
	case r.failed():
		return StatusOfError
	case r.incomplete():
		return StatusOfUnknown
	}
	return StatusOfSuccess
}

// failure is what a failed span says about its error.
func (r *reading) failure() (f Failure, at time.Time) {
	e, at := r.exception()
	named := r.text(fieldErrorType)
	f = Failure{Type: named, Stack: cmp.Or(e.Stack, r.text(fieldErrorStack))}
	if vague(named) {
		f.Type = cmp.Or(e.Type, named)
	}
	said := r.text(fieldErrorMessage)
	if said == "" && r.kind.toolLike() {
		said = plainText(conversation(spelled(r.complaint()), "tool"))
	}
	f.Message = cmp.Or(e.Message, r.span.Message, said, f.Type, "the span ended in an error and does not say which")
	if at.IsZero() {
		at = r.span.End
	}
	return f, at
}

// errorText is the error of the event that the span becomes; "" when it did not fail.
func (r *reading) errorText() string {
	if !r.failed() {
		return ""
	}
	f, _ := r.failure()
	return f.Message
}

// vague error types are what instrumentations write that know no better.
func vague(kind string) bool {
	return kind == "" || kind == "_OTHER" || kind == "unknown" || kind == "Error"
}

// exception reads the last exception noted on the span or logged for it, which is the one that ended it.
func (r *reading) exception() (f Failure, at time.Time) {
	for _, list := range [2][]SpanEvent{r.span.Events, r.extra} {
		for _, e := range list {
			if e.Name != "exception" && e.Name != "gen_ai.client.operation.exception" {
				continue
			}
			f, at = Failure{}, e.Time
			for _, a := range e.Attributes {
				switch a.Key {
				case "exception.type":
					f.Type = textOf(a.Value)
				case "exception.message":
					f.Message = textOf(a.Value)
				case "exception.stacktrace":
					f.Stack = textOf(a.Value)
				}
			}
		}
	}
	return f, at
}
