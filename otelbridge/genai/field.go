package genai

// field is one thing that a span may say, whatever the attribute is called.
type field uint8

// The fields. Those that hold a whole body (fieldInput, fieldOutput) serve where the one made for the purpose is missing.
const (
	fieldNone field = iota

	fieldOperation
	fieldProvider
	fieldServedModel  // of the answer
	fieldNamedModel   // does not say whether asked for or served
	fieldRequestModel // asked for
	fieldResponseID
	fieldFinishReasons
	fieldFirstTokenSeconds
	fieldFirstTokenMillis
	fieldFirstTokenTime // a point in time
	fieldOutputType
	fieldDimensions
	fieldPromptName
	fieldPromptVersion
	fieldParameters // an object of parameters
	fieldParameter  // one, by the last word of its key

	fieldInputTokens
	fieldOutputTokens
	fieldTotalTokens
	fieldCacheReadTokens
	fieldCacheWriteTokens
	fieldReasoningTokens
	fieldUsageDetails // an object of counts
	fieldInputDetails // an object of counts, parts of the input
	fieldOutputDetails
	fieldProviderMetadata // an object of whatever the provider said besides
	fieldCostDetails      // an object of amounts
	fieldCost
	fieldInputCost
	fieldOutputCost

	fieldSystem         // system instructions
	fieldInputMessages  // chat messages
	fieldOutputMessages // chat messages
	fieldOutputText     // the answer as a text
	fieldOutputObject   // the answer as an object
	fieldOutputCalls    // tool calls of the answer
	fieldReasoning      // reasoning of the answer
	fieldToolDefinitions
	fieldInput  // all that went in
	fieldOutput // all that came out

	fieldToolName
	fieldToolCallID
	fieldToolInput
	fieldToolOutput
	fieldToolStatus // a word: success or error

	fieldEntityName // of a span whose kind says what it is
	fieldAgentName
	fieldAgentVersion
	fieldUserID
	fieldConversationID
	fieldSessionID // of which there may be several, see Config.SessionKeys
	fieldTags
	fieldSessionName
	fieldSessionEnds
	fieldEventID // of the event that the span was made of

	fieldDecisionReasoning
	fieldDecisionChosen
	fieldDecisionAlternatives
	fieldDecisionConfidence

	fieldEvaluationName
	fieldEvaluationScore
	fieldEvaluationLabel
	fieldEvaluationExplanation

	fieldErrorType
	fieldErrorMessage
	fieldErrorStack
	fieldLevel // of severity, a word

	fieldIgnored // known, and of no use
	fieldFact    // known to be no content: a name, an id, a kind, a count; kept in metadata
	numFields
)

// fieldNames are those of the wire, for explanations.
var fieldNames = [numFields]string{
	fieldOperation: "operation", fieldProvider: "provider", fieldServedModel: "model", fieldNamedModel: "model", fieldRequestModel: "request_model",
	fieldResponseID: "response_id", fieldFinishReasons: "finish_reason", fieldFirstTokenSeconds: "time_to_first_token_ms",
	fieldFirstTokenMillis: "time_to_first_token_ms", fieldFirstTokenTime: "time_to_first_token_ms", fieldOutputType: "parameters.output_type",
	fieldDimensions: "parameters.dimensions", fieldPromptName: "prompt_name", fieldPromptVersion: "prompt_version", fieldParameters: "parameters", fieldParameter: "parameters",
	fieldInputTokens: "prompt_tokens", fieldOutputTokens: "completion_tokens", fieldTotalTokens: "tokens_used", fieldCacheReadTokens: "cached_tokens",
	fieldCacheWriteTokens: "cache_write_tokens", fieldReasoningTokens: "reasoning_tokens", fieldUsageDetails: "tokens_used", fieldInputDetails: "cached_tokens", fieldOutputDetails: "reasoning_tokens", fieldCostDetails: "cost", fieldProviderMetadata: "tokens_used", fieldCost: "cost", fieldInputCost: "cost", fieldOutputCost: "cost",
	fieldSystem: "messages", fieldInputMessages: "messages", fieldOutputMessages: "output_messages", fieldOutputText: "output_messages",
	fieldOutputObject: "output_messages", fieldOutputCalls: "output_messages", fieldReasoning: "reasoning", fieldToolDefinitions: "tool_definitions",
	fieldInput: "input", fieldOutput: "output", fieldToolName: "tool_name", fieldToolCallID: "call_id", fieldToolInput: "tool_input",
	fieldToolOutput: "tool_output", fieldToolStatus: "status", fieldEntityName: "name", fieldAgentName: "agent_name", fieldAgentVersion: "agent_version",
	fieldUserID: "user_id", fieldConversationID: "conversation_id", fieldSessionID: "session_id", fieldTags: "tags", fieldSessionName: "name", fieldSessionEnds: "status", fieldEventID: "id",
	fieldDecisionReasoning: "reasoning", fieldDecisionChosen: "chosen", fieldDecisionAlternatives: "alternatives", fieldDecisionConfidence: "confidence",
	fieldEvaluationName: "name", fieldEvaluationScore: "score", fieldEvaluationLabel: "label", fieldEvaluationExplanation: "comment",
	fieldErrorType: "error_type", fieldErrorMessage: "error_message", fieldErrorStack: "stack_trace", fieldLevel: "status", fieldFact: "metadata",
}

func (f field) String() string { return fieldNames[f] }
