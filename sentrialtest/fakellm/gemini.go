package fakellm

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// gemini is what Google's wires have in common, of the Gemini API and of Vertex AI.
var gemini = &family{fail: func(status int, message string, _ int) any {
	return object{"error": object{"code": status, "message": message, "status": geminiKind(status)}}
}}

func geminiKind(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusServiceUnavailable:
		return "UNAVAILABLE"
	case http.StatusGatewayTimeout:
		return "DEADLINE_EXCEEDED"
	}
	if status >= http.StatusInternalServerError {
		return "INTERNAL"
	}
	return "INVALID_ARGUMENT"
}

// geminiGenerate is POST …/models/NAME:generateContent and :streamGenerateContent.
var geminiGenerate = &wire{
	name: "gemini.generate_content", family: gemini, format: sseCRLF,
	read: readGemini, whole: wholeGemini, stream: streamGemini,
	broken: func(e *exchange, s *stream) {
		s.event("", gemini.fail(http.StatusServiceUnavailable, e.Error, e.number))
	},
}

type geminiContent struct {
	Role  string
	Parts []geminiPart
}

type geminiPart struct {
	Text    string
	Thought bool
	Call    *struct {
		ID, Name string
		Args     json.RawMessage
	} `json:"functionCall"`
	Result *struct {
		ID, Name string
		Response any
	} `json:"functionResponse"`
}

type geminiTools []struct {
	Functions []struct {
		Name       string
		Parameters json.RawMessage
		Schema     json.RawMessage `json:"parametersJsonSchema"`
	} `json:"functionDeclarations"`
}

func readGemini(req *Request, r *http.Request) error {
	var body struct {
		System   geminiContent `json:"systemInstruction"`
		Contents []geminiContent
		Tools    geminiTools
	}
	if err := json.Unmarshal(req.Body, &body); err != nil {
		return err
	}
	req.Model = geminiModel(r.URL.Path)
	req.Stream = strings.HasSuffix(r.URL.Path, ":streamGenerateContent")
	body.System.say(req, "system")
	for _, content := range body.Contents {
		content.say(req, "user")
	}
	for _, tool := range body.Tools {
		for _, f := range tool.Functions {
			req.offer(f.Name, append(f.Schema, f.Parameters...)) // a client sends one of the two
		}
	}
	return nil
}

var geminiPath = regexp.MustCompile(`/models/([^/]+):\w+$`)

func geminiModel(path string) string {
	if found := geminiPath.FindStringSubmatch(path); found != nil {
		return found[1]
	}
	return ""
}

// say adds the content; the results of functions have a message of their own.
func (c geminiContent) say(req *Request, role string) {
	switch c.Role {
	case "model":
		role = "assistant"
	case "user", "function":
		role = "user"
	}
	var parts []types.Part
	for _, p := range c.Parts {
		switch {
		case p.Call != nil:
			parts = append(parts, callPart(p.Call.ID, p.Call.Name, p.Call.Args))
		case p.Result != nil:
			req.say("tool", resultPart(p.Result.ID, p.Result.Response))
		case p.Thought:
			parts = append(parts, reasoningPart(p.Text)...)
		default:
			parts = append(parts, texts{p.Text}.parts()...)
		}
	}
	req.say(role, parts...)
}

func wholeGemini(e *exchange) any {
	parts := []any{}
	if e.Reasoning != "" {
		parts = append(parts, object{"text": e.Reasoning, "thought": true})
	}
	if e.Text != "" {
		parts = append(parts, object{"text": e.Text})
	}
	return e.geminiAnswer(append(parts, geminiCalls(e.ToolCalls)...), geminiFinish(e.FinishReason))
}

func geminiCalls(calls []ToolCall) (parts []any) {
	for _, call := range calls {
		parts = append(parts, object{"functionCall": object{"id": call.ID, "name": call.Name, "args": call.raw()}})
	}
	return parts
}

// geminiAnswer is a whole answer, and a piece of a stream too; one that is not the last has no finish.
func (e *exchange) geminiAnswer(parts []any, finish string) object {
	candidate := object{"content": object{"role": "model", "parts": parts}, "index": 0}
	if finish != "" {
		candidate["finishReason"] = finish
	}
	return object{
		"candidates": []any{candidate}, "usageMetadata": geminiUsage(e.Usage, finish != ""),
		"modelVersion": e.Reply.Model, "responseId": e.id(""),
	}
}

// geminiFinish: a call of a function ends as any answer does.
func geminiFinish(reason string) string {
	switch reason {
	case "stop", "tool_call":
		return "STOP"
	case "length":
		return "MAX_TOKENS"
	case "content_filter":
		return "SAFETY"
	}
	return strings.ToUpper(reason)
}

// geminiUsage: thoughts are counted beside the candidates. Until the end only what went in is known.
func geminiUsage(u types.Usage, ended bool) object {
	usage := object{"promptTokenCount": u.PromptTokens, "totalTokenCount": u.PromptTokens}
	if u.CachedTokens > 0 {
		usage["cachedContentTokenCount"] = u.CachedTokens
	}
	if !ended {
		return usage
	}
	usage["totalTokenCount"] = u.TotalTokens
	usage["candidatesTokenCount"] = max(u.CompletionTokens-u.ReasoningTokens, 0)
	if u.ReasoningTokens > 0 {
		usage["thoughtsTokenCount"] = u.ReasoningTokens
	}
	return usage
}

func streamGemini(e *exchange, s *stream) {
	for _, piece := range pieces(e.Reasoning, e.Pieces) {
		s.piece("", e.geminiAnswer([]any{object{"text": piece, "thought": true}}, ""))
	}
	for _, piece := range pieces(e.Text, e.Pieces) {
		s.piece("", e.geminiAnswer([]any{object{"text": piece}}, ""))
	}
	for _, call := range geminiCalls(e.ToolCalls) {
		s.piece("", e.geminiAnswer([]any{call}, ""))
	}
	s.event("", e.geminiAnswer([]any{object{"text": ""}}, geminiFinish(e.FinishReason)))
}
