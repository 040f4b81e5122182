package wire_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// Tokens of all providers are counted alike: cached ones are some of the prompt's, reasoning ones some of the answer's, and nothing is beside these two. Otherwise a call
// has no cost, or a wrong one.
func TestClassesOfTokens(t *testing.T) {
	counted := 0
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			u := tell(t, c, r, r.body).Call.Usage
			if u == (types.Usage{}) {
				continue
			}
			counted++
			if u.CachedTokens+u.CacheWriteTokens > u.PromptTokens || u.ReasoningTokens > u.CompletionTokens || u.TotalTokens != 0 && u.TotalTokens != u.PromptTokens+u.CompletionTokens {
				t.Errorf("%s, %s: %+v", c.name, r.name, u)
			}
		}
	}
	if counted < 50 {
		t.Errorf("only %d replies tell of tokens", counted)
	}
}
