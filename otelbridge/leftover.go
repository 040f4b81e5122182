package otelbridge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// memberAttributes is the member of an event that holds the attributes nobody knows here. It is none of metadata, because they may well be what somebody said, and
// sentrial.WithContent withholds content alone.
const memberAttributes = "attributes"

// keepRest gives the event what has no field of its own: facts as metadata, the rest as content. Of a span outside GenAI nothing is kept: its attributes are the
// program's, not the agent's.
func (s *span) keepRest(e *types.Event) {
	if !s.genAI {
		return
	}
	facts, content := split(s.attrs.rest())
	if s.DroppedAttributes() > 0 {
		facts["truncated"] = true
	}
	if len(facts) > 0 {
		e.Metadata = facts
	}
	if len(content) > 0 {
		e.Extra = map[string]json.RawMessage{memberAttributes: toJSON(content)}
	}
}

func split(rest map[string]any) (facts, content map[string]any) {
	facts, content = make(map[string]any), make(map[string]any)
	for key, v := range rest {
		if isFact(key) {
			facts[key] = v
		} else {
			content[key] = v
		}
	}
	return facts, content
}

// factKeys are the attributes of the conventions for GenAI spans whose values are names, ids, kinds or numbers by definition.
var factKeys = []string{
	keyOperation, keyProvider, keyRequestModel, keyResponseModel, keyResponseID, keyFinishReasons, keyFirstChunk, keyOutputType, keyDimensionCount,
	keyPromptName, keyToolName, keyToolCallID, keyAgentName, keyAgentVersion, keyConversationID, keySessionID, keyOwnSessionID, keyUserID, keyEndUserID,
	keyErrorType, keySource,
	"gen_ai.agent.id", "gen_ai.data_source.id", "gen_ai.system", "gen_ai.token.type", "gen_ai.tool.type", "gen_ai.workflow.name",
	"server.address", "server.port",
	"aws.bedrock.guardrail.id", "aws.bedrock.knowledge_base.id", "azure.resource_provider.namespace",
	"openai.api.type", "openai.request.service_tier", "openai.response.service_tier", "openai.response.system_fingerprint",
}

// keyUsagePrefix begins the keys of all counts of tokens.
const keyUsagePrefix = "gen_ai.usage."

func isFact(key string) bool {
	return slices.Contains(factKeys, key) || strings.HasPrefix(key, keyUsagePrefix)
}
