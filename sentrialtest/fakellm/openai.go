package fakellm

import "net/http"

// openai is what OpenAI's wires have in common.
var openai = &family{requestID: "X-Request-Id", fail: func(status int, message string, _ int) any {
	kind, code := openaiKind(status)
	return object{"error": object{"message": message, "type": kind, "param": nil, "code": code}}
}}

// openaiKind gives type and code of an error.
func openaiKind(status int) (kind string, code any) {
	switch {
	case status == http.StatusUnauthorized:
		return "invalid_request_error", "invalid_api_key"
	case status == http.StatusTooManyRequests:
		return "requests", "rate_limit_exceeded"
	case status >= http.StatusInternalServerError:
		return "server_error", nil
	}
	return "invalid_request_error", nil
}

func openaiFinish(reason string) string {
	if reason == "tool_call" {
		return "tool_calls"
	}
	return reason
}
