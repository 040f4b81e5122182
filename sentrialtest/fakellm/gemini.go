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
