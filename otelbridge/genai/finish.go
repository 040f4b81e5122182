package genai

import (
	"strings"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
)

// finishReason gives the word of the conventions for why a model stopped, or the word as it came.
func finishReason(s string) string { return genaiwords.FinishReason(s) }

// finishReasons gives the reasons of the answer's choices, in the words of the conventions.
func (r *reading) finishReasons() []string { return r.read.reasons.get(r.readReasons) }

func (r *reading) readReasons() (reasons []string) {
	list := textsOf(r.get(fieldFinishReasons).value)
	if len(list) == 1 && finishReason(list[0]) == list[0] && !strings.ContainsAny(list[0], ", ") {
		return list // as most are
	}
	for _, s := range list {
		for s := range strings.SplitSeq(s, ",") { // some join the reasons of several choices
			if s = strings.TrimSpace(s); s != "" {
				reasons = append(reasons, finishReason(s))
			}
		}
	}
	return reasons
}
