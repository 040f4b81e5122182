package server

import (
	"encoding/json"
	"strconv"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// fact is a field of the batch wire that rides in metadata on the hosted one.
type fact struct {
	name string
	fits fit
}

// fit returns a value as an event has it, nil if it is of another kind.
type fit func(raw []byte) []byte

// What is believed of our own SDK alone: which event this is, and where it belongs.
var (
	ownID       = fact{"event_id", fitting(checkID)}
	ownSession  = fact{"session_id", fitting(checkID)}
	ownType     = fact{"event_type", fitting(checkOf(readType))}
	ownTime     = fact{"timestamp", fitting(checkOf(readTimestamp))}
	ownStatus   = fact{"status", fitting(checkOwnStatus)}
	ownIdentity = []fact{{"parent_id", fitting(checkName)}, {"seq", wholeNumber}}
	ownTrace    = []fact{{"trace_id", fitting(checkName)}, {"span_id", fitting(checkName)}} // of sessions, events have fields for it
	ownPrompt   = fact{"prompt", fitting(checkText)}                                        // of an LLM call that has messages too
	ownOutput   = fact{"output", fitting(checkContent)}                                     // of a session, where it is no text
	ownExtra    = fact{"extra", fitting(ofKind('{', "an object"))}                          // fields of events that the SDK itself does not know
)

// What is taken from everybody's metadata.
var (
	sessionFacts = []fact{
		{"agent_version", fitting(checkText)},
		{"conversation_id", fitting(checkText)},
		{"parent_session_id", fitting(checkText)},
		{"input", fitting(checkContent)},
		{"tags", fitting(checkTexts)},
	}
	summaryFact   = fact{"summary", fitting(checkText)}
	durationFact  = fact{"duration_ms", fitting(checkMillis)}
	toolFacts     = []fact{durationFact, {"call_id", fitting(checkText)}, {"attempt", wholeNumber}}
	decisionFacts = []fact{durationFact, {"chosen", fitting(checkText)}}
	errorFacts    = []fact{durationFact, {"recoverable", fitting(checkFlag)}, {"recovery_action", fitting(checkText)}}
	llmFacts      = []fact{
		durationFact,
		{"request_model", fitting(checkText)},
		{"operation", fitting(checkText)},
		{"response_id", fitting(checkText)},
		{"output_messages", fitMessages},
		{"tool_definitions", fitting(checkContent)},
		{"parameters", fitting(ofKind('{', "an object"))},
		{"prompt_name", fitting(checkText)},
		{"prompt_version", fitting(checkText)},
		{"cached_tokens", wholeNumber},
		{"cache_write_tokens", wholeNumber},
		{"reasoning_tokens", wholeNumber},
		{"finish_reason", fitting(checkText)},
		{"attempts", wholeNumber},
		{"time_to_first_token_ms", fitting(checkMillis)},
		{"call_id", fitting(checkText)},
		{"attempt", wholeNumber},
	}
	nameFact = fact{"name", fitting(checkText)}
	kindFact = fact{"kind", fitting(checkText)}
)

// check says what is wrong with a value.
type check func(raw []byte) *problem

// fitting lets pass, as it is, what a check finds nothing wrong with.
func fitting(c check) fit {
	return func(raw []byte) []byte {
		if c(raw) != nil {
			return nil
		}
		return raw
	}
}

// checkOf is the check that a field of the batch wire makes.
func checkOf(read func(e *store.Event, raw []byte) *problem) check {
	return func(raw []byte) *problem { return read(new(store.Event), raw) }
}

var (
	checkText = check(ofKind('"', "a string"))
	checkFlag = checkOf(flag("").read)
	checkName = checkOf(name("", func(e *store.Event) *string { return &e.ParentID }).read)
	checkID   = checkOf(id("", func(e *store.Event) *string { return &e.ID }).read)
	checkCost = checkOf(readCost)
)

func checkMillis(raw []byte) *problem { _, p := readMillis(raw); return p }
func checkCount(raw []byte) *problem  { _, p := readCount(raw); return p }
func checkNumber(raw []byte) *problem { _, p := readNumber(raw); return p }

// checkOwnStatus takes how an event ended, which the SDK says where the hosted wire has no words for it, or others follow from its words.
func checkOwnStatus(raw []byte) *problem {
	switch types.Status(textOf(raw)) {
	case types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusUnknown:
		return nil
	}
	return wrong("expected success, error, cancelled or unknown")
}

// wholeNumber writes counts as integers, however they came: that is what package types reads.
func wholeNumber(raw []byte) []byte {
	n, p := readCount(raw)
	if p != nil {
		return nil
	}
	return strconv.AppendInt(nil, n, 10)
}

// fitMessages lets pass what package types can read.
func fitMessages(raw []byte) []byte {
	var messages []types.Message
	if raw[0] != '[' || checkContent(raw) != nil || json.Unmarshal(raw, &messages) != nil || len(messages) == 0 {
		return nil
	}
	return raw
}
