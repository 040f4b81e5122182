package otelbridge_test

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"

	"github.com/sentrial/sentrial-go/otelbridge"
)

func TestKeysAreSpelledAsInTheConventions(t *testing.T) {
	want := map[string]attribute.Key{
		"operation": semconv.GenAIOperationNameKey, "provider": semconv.GenAIProviderNameKey, "request model": semconv.GenAIRequestModelKey,
		"response model": semconv.GenAIResponseModelKey, "response id": semconv.GenAIResponseIDKey, "finish reasons": semconv.GenAIResponseFinishReasonsKey,
		"output type": semconv.GenAIOutputTypeKey, "input tokens": semconv.GenAIUsageInputTokensKey, "output tokens": semconv.GenAIUsageOutputTokensKey,
		"system instructions": semconv.GenAISystemInstructionsKey, "input messages": semconv.GenAIInputMessagesKey,
		"output messages": semconv.GenAIOutputMessagesKey, "tool name": semconv.GenAIToolNameKey, "tool call id": semconv.GenAIToolCallIDKey,
		"agent name": semconv.GenAIAgentNameKey, "conversation id": semconv.GenAIConversationIDKey, "session id": semconv.SessionIDKey,
		"user id": semconv.UserIDKey, "error type": semconv.ErrorTypeKey, "exception type": semconv.ExceptionTypeKey,
		"exception message": semconv.ExceptionMessageKey, "exception stack": semconv.ExceptionStacktraceKey,
	}
	for name, key := range want {
		if got := otelbridge.Keys[name]; got != string(key) {
			t.Errorf("%s: %q, want %q", name, got, key)
		}
	}
	if len(want) != len(otelbridge.Keys) {
		t.Errorf("%d keys are compared, of %d", len(want), len(otelbridge.Keys))
	}
}
