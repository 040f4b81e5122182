package otelbridge

// Attribute keys that the bridge reads. The GenAI conventions are still moving and the semconv packages of OpenTelemetry drop and regain names from one version
// to the next, so their spelling is kept here.
const (
	keyOperation = "gen_ai.operation.name"

	keyProvider       = "gen_ai.provider.name"
	keyRequestPrefix  = "gen_ai.request." // what the caller asked for: model, temperature, ...
	keyRequestModel   = "gen_ai.request.model"
	keyResponseModel  = "gen_ai.response.model"
	keyResponseID     = "gen_ai.response.id"
	keyFinishReasons  = "gen_ai.response.finish_reasons"
	keyFirstChunk     = "gen_ai.response.time_to_first_chunk" // seconds
	keyOutputType     = "gen_ai.output.type"
	keyDimensionCount = "gen_ai.embeddings.dimension.count"
	keyPromptName     = "gen_ai.prompt.name"

	keyInputTokens      = "gen_ai.usage.input_tokens"                // cached ones included
	keyOutputTokens     = "gen_ai.usage.output_tokens"               // reasoning included
	keyCacheReadTokens  = "gen_ai.usage.cache_read.input_tokens"     // part of the input
	keyCacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens" // part of the input
	keyReasoningTokens  = "gen_ai.usage.reasoning.output_tokens"     // part of the output

	keySystemInstructions = "gen_ai.system_instructions"
	keyInputMessages      = "gen_ai.input.messages"
	keyOutputMessages     = "gen_ai.output.messages"
	keyToolDefinitions    = "gen_ai.tool.definitions"

	keyToolName      = "gen_ai.tool.name"
	keyToolCallID    = "gen_ai.tool.call.id"
	keyToolArguments = "gen_ai.tool.call.arguments"
	keyToolResult    = "gen_ai.tool.call.result"

	keyAgentName    = "gen_ai.agent.name"
	keyAgentVersion = "gen_ai.agent.version"

	keyConversationID = "gen_ai.conversation.id"
	keySessionID      = "session.id"
	keyOwnSessionID   = "sentrial.session.id"
	keyUserID         = "user.id"
	keyEndUserID      = "enduser.id"

	keyErrorType        = "error.type"
	keyErrorMessage     = "error.message"
	keyExceptionType    = "exception.type"
	keyExceptionMessage = "exception.message"
	keyExceptionStack   = "exception.stacktrace"

	keySource = "sentrial.source" // sourceSDK on spans that the SDK itself makes of its events
)

const (
	eventException = "exception"
	sourceSDK      = "sdk"
)

// Values of keyOperation that become events of their own.
const (
	opChat            = "chat"
	opTextCompletion  = "text_completion"
	opGenerateContent = "generate_content"
	opEmbeddings      = "embeddings"
	opExecuteTool     = "execute_tool"
	opInvokeAgent     = "invoke_agent"
)
