package otelbridge

// Keys are the attribute keys that stand in the conventions which tests can look up.
var Keys = map[string]string{
	"operation": keyOperation, "provider": keyProvider, "request model": keyRequestModel, "response model": keyResponseModel, "response id": keyResponseID,
	"finish reasons": keyFinishReasons, "output type": keyOutputType, "input tokens": keyInputTokens, "output tokens": keyOutputTokens,
	"system instructions": keySystemInstructions, "input messages": keyInputMessages, "output messages": keyOutputMessages, "tool name": keyToolName,
	"tool call id": keyToolCallID, "agent name": keyAgentName, "conversation id": keyConversationID, "session id": keySessionID, "user id": keyUserID,
	"error type": keyErrorType, "exception type": keyExceptionType, "exception message": keyExceptionMessage, "exception stack": keyExceptionStack,
}
