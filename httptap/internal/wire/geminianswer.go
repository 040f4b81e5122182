package wire

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// readGemini reads an answer, or a piece of one, which has the same form. A stream has no word for its end: some models and gateways give a reason to stop with each piece.
func readGemini(s *said, o value) {
	s.about(o.pick("responseId"), o.pick("modelVersion"))
	for i, candidate := range o.pick("candidates").items {
		readCandidate(s, candidate, i)
	}
	readGeminiUsage(s, o.object("usageMetadata"))
	if reason := o.object("promptFeedback").enum("blockReason", geminiBlocks); reason != "" {
		s.note("block_reason", short(reason))
		if c := s.choice(0); c != nil {
			c.finish = "content_filter"
		}
	}
}

func readCandidate(s *said, o value, position int) {
	c := s.choice(indexOr(o, position))
	if c == nil {
		return
	}
	for _, part := range o.object("content").pick("parts").items {
		readGeminiPart(s, c, part)
	}
	if reason := o.enum("finishReason", geminiReasons); reason != "" && reason != "FINISH_REASON_UNSPECIFIED" {
		c.finish = geminiReason(reason)
		c.asksTools()
	}
	s.noteText("finish_message", o.pick("finishMessage"))
}

func readGeminiPart(s *said, c *choice, o value) {
	next := key{kind: "part", index: len(c.pieces)}
	if text := o.pick("text"); text.Kind() == '"' {
		kind := types.PartText
		if o.truth("thought") {
			kind = types.PartReasoning
		}
		if last := len(c.pieces) - 1; last >= 0 && c.pieces[last].kind == kind {
			next.index = last // the text goes on
		}
		s.add(c, next, kind, text)
		return
	}
	if call := o.object("functionCall"); call.There() {
		readFunctionCall(s, c, next, call)
		return
	}
	if data := o.object("inlineData"); data.There() {
		mime := short(data.text("mimeType"))
		s.blob(c, next, media{Type: "blob", MimeType: mime, Size: decodedSize(data.text("data"))})
		return
	}
	for name := range o.Members {
		if name != "thoughtSignature" {
			s.part(c, next, geminiPart(o).Type, o)
			return
		}
	}
}

// geminiReasons and geminiBlocks are in the order of their numbers, as which Google's older client for Go has them sent.
var (
	geminiReasons = strings.Fields(`FINISH_REASON_UNSPECIFIED STOP MAX_TOKENS SAFETY RECITATION OTHER LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL
		IMAGE_SAFETY UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS`)
	geminiBlocks = strings.Fields(`BLOCK_REASON_UNSPECIFIED SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY`)
)

// enum gives a word that may be written as its number.
func (v value) enum(name string, words []string) string {
	if text := v.text(name); text != "" {
		return text
	}
	number := v.pick(name).Raw()
	if n, ok := fewDigits(number); ok && len(number) > 0 && n < len(words) {
		return words[n]
	}
	return short(string(number))
}

// geminiReason gives the conventions' word for a reason to stop.
func geminiReason(reason string) string {
	switch reason {
	case "STOP", "MAX_TOKENS":
		return strings.ToLower(reason)
	case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR":
		return "content_filter"
	case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE":
		return "error"
	}
	return short(strings.ToLower(reason))
}

// readGeminiUsage takes the last numbers: each piece has the sum so far. Thoughts are counted beside the output there, and what tools of Google's read beside the input.
func readGeminiUsage(s *said, o value) {
	if !o.pick("promptTokenCount", "totalTokenCount").There() {
		return // some pieces tell of the traffic only
	}
	thoughts := o.number("thoughtsTokenCount")
	s.usage = types.Usage{
		PromptTokens:     o.number("promptTokenCount") + o.number("toolUsePromptTokenCount"),
		CompletionTokens: o.number("candidatesTokenCount") + thoughts,
		TotalTokens:      o.number("totalTokenCount"),
		CachedTokens:     o.number("cachedContentTokenCount"),
		ReasoningTokens:  thoughts,
	}
}
