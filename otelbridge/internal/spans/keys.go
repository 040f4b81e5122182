package spans

// What the spans carry, by name. The GenAI conventions are still moving, so their spelling is kept here and not taken from a package that follows them.
const (
	keyOperation      = "gen_ai.operation.name"
	keyProvider       = "gen_ai.provider.name"
	keyRequestPrefix  = "gen_ai.request." // parameters of a call, under their names
	keyRequestModel   = "gen_ai.request.model"
	keyResponseModel  = "gen_ai.response.model"
	keyResponseID     = "gen_ai.response.id"
	keyFinishReasons  = "gen_ai.response.finish_reasons"
	keyFirstChunk     = "gen_ai.response.time_to_first_chunk" // seconds
	keyPromptName     = "gen_ai.prompt.name"
	keyConversation   = "gen_ai.conversation.id"
	keyAgentName      = "gen_ai.agent.name"
	keyAgentVersion   = "gen_ai.agent.version"
	keyToolName       = "gen_ai.tool.name"
	keyToolType       = "gen_ai.tool.type"
	keyToolCallID     = "gen_ai.tool.call.id"
	keyEvaluationName = "gen_ai.evaluation.name"
	keyScore          = "gen_ai.evaluation.score.value"
	keyLabel          = "gen_ai.evaluation.score.label"

	keyInputTokens      = "gen_ai.usage.input_tokens"
	keyOutputTokens     = "gen_ai.usage.output_tokens"
	keyCacheReadTokens  = "gen_ai.usage.cache_read.input_tokens"
	keyCacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens"
	keyReasoningTokens  = "gen_ai.usage.reasoning.output_tokens"
	keyUsageCost        = "gen_ai.usage.cost" // in no version of the conventions, but several backends read it

	keyErrorType        = "error.type"
	keyExceptionType    = "exception.type"
	keyExceptionMessage = "exception.message"
	keyExceptionStack   = "exception.stacktrace"

	keySession = "session.id"
	keyUser    = "user.id"
)

// Content, which is in the spans only if the program wants it there.
const (
	keySystemInstructions = "gen_ai.system_instructions"
	keyInputMessages      = "gen_ai.input.messages"
	keyOutputMessages     = "gen_ai.output.messages"
	keyToolDefinitions    = "gen_ai.tool.definitions"
	keyToolArguments      = "gen_ai.tool.call.arguments"
	keyToolResult         = "gen_ai.tool.call.result"
	keyExplanation        = "gen_ai.evaluation.explanation"

	keyOwnInput     = "sentrial.input"  // JSON: of a session or a step, where it is not a text that an agent was asked
	keyOwnOutput    = "sentrial.output" // JSON: likewise
	keyOwnPrompt    = "sentrial.prompt"
	keyOwnResponse  = "sentrial.response"
	keyReasoning    = "sentrial.reasoning" // why the agent called the tool
	keySummary      = "sentrial.summary"
	keyWhy          = "sentrial.decision.reasoning"
	keyChosen       = "sentrial.decision.chosen"
	keyAlternatives = "sentrial.decision.alternatives"
	keyFields       = "sentrial.fields"             // JSON: members of an event that have no field
	keyEndFields    = "sentrial.session_end.fields" // JSON: likewise
	keyEvent        = "sentrial.event"              // JSON: an event of a type without a struct, whole
)

// Names of our own, for what conventions have none for. They are what makes the same event of a span again.
const (
	keySource    = "sentrial.source" // sourceSDK on all of our spans
	keyEventID   = "sentrial.event.id"
	keyEventType = "sentrial.event.type"
	keyParentID  = "sentrial.parent.id" // the event it happened inside
	keySessionID = "sentrial.session.id"
	keySeq       = "sentrial.seq"
	keyStatus    = "sentrial.status"
	keyError     = "sentrial.error"    // of a call or a step, in words
	keyMetadata  = "sentrial.metadata" // JSON: an object

	keySessionUser   = "sentrial.user.id" // user.id is what is known by now
	keySessionName   = "sentrial.session.name"
	keySessionAgent  = "sentrial.session.agent_name"   // gen_ai.agent.name is never empty
	keySessionTalk   = "sentrial.conversation.id"      // gen_ai.conversation.id is never empty
	keySessionParent = "sentrial.session.parent_id"    // the session that started this one
	keyTags          = "sentrial.tags"                 // texts
	keyMetrics       = "sentrial.metrics"              // JSON: numbers by name
	keyEndID         = "sentrial.session_end.id"       // the event that ended the session whose span this is
	keyEndSeq        = "sentrial.session_end.seq"      //
	keyEndMetadata   = "sentrial.session_end.metadata" // JSON

	keyParameters    = "sentrial.parameters" // JSON: those of a call that are neither numbers, texts nor lists of texts
	keyPromptVersion = "sentrial.prompt.version"
	keyTotalTokens   = "sentrial.usage.total_tokens"
	keyCost          = "sentrial.cost" // USD
	keyAttempts      = "sentrial.attempts"
	keyAttempt       = "sentrial.attempt"
	keyPlain         = "sentrial.plain" // which of prompt and response was a text; it stands in the messages
	keyConfidence    = "sentrial.decision.confidence"
	keyStepName      = "sentrial.step.name"
	keyStepKind      = "sentrial.step.kind"
	keyRecoverable   = "sentrial.error.recoverable"
	keyRecovery      = "sentrial.error.recovery_action"
	keyJudge         = "sentrial.feedback.user_id"
	keyJudged        = "sentrial.feedback.event_id" // the event judged
)

const (
	sourceSDK  = "sdk"
	scopeName  = "github.com/sentrial/sentrial-go/otelbridge"
	errorOther = "_OTHER" // what the conventions want where nobody knows the type

	eventException  = "exception"
	eventEvaluation = "gen_ai.evaluation.result"
	eventUpdate     = "sentrial.session_update"

	opChat        = "chat"
	opEmbeddings  = "embeddings"
	opExecuteTool = "execute_tool"
	opInvokeAgent = "invoke_agent"
	opPlan        = "plan"
)
