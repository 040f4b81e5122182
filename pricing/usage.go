package pricing

import "github.com/sentrial/sentrial-go/types"

// classes are all there are, in the order in which they are told.
var classes = [...]Class{Input, CacheRead, CacheWrite, Output, Reasoning}

// shares takes a call's tokens apart, each token in one class, in the order of classes. Reasoning tokens are output unless they have a price of their own. err is
// ErrNoUsage or ErrIncoherent, and detail says more.
func (m *Model) shares(u *types.Usage) (list [len(classes)]int, detail string, err error) {
	if detail, err = check(u); err != nil {
		return list, detail, err
	}
	reasoning := 0
	if m.Reasoning.known {
		reasoning = u.ReasoningTokens
	}
	return [...]int{
		u.PromptTokens - u.CachedTokens - u.CacheWriteTokens, u.CachedTokens, u.CacheWriteTokens, u.CompletionTokens - reasoning, reasoning,
	}, "", nil
}

// maxTokens is more than any call has, and low enough to add some of.
const maxTokens = 1_000_000_000_000_000

// check refuses what would make a cost too low, or is no usage: classes larger than what they are part of, and tokens that are in a total and in no class.
func check(u *types.Usage) (detail string, err error) {
	for _, n := range [...]int{u.PromptTokens, u.CompletionTokens, u.TotalTokens, u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens} {
		if n < 0 || int64(n) > maxTokens {
			return "a count is below 0 or absurd", ErrIncoherent
		}
	}
	switch {
	case *u == types.Usage{}:
		return "", ErrNoUsage
	case *u == types.Usage{TotalTokens: u.TotalTokens}:
		return "a total alone does not say what is input and what is output", ErrNoUsage
	case u.CachedTokens > u.PromptTokens || u.CacheWriteTokens > u.PromptTokens-u.CachedTokens:
		return "more tokens are cached than the prompt has; cached tokens are part of the prompt's", ErrIncoherent
	case u.ReasoningTokens > u.CompletionTokens:
		return "more tokens are reasoning than the answer has; reasoning tokens are part of the answer's", ErrIncoherent
	case u.PromptTokens == 0:
		return "no tokens of the prompt are reported", ErrIncoherent
	case u.TotalTokens > u.PromptTokens+u.CompletionTokens:
		return "the total is more than the tokens of prompt and answer", ErrIncoherent
	}
	return "", nil
}

// sum is what the tokens cost. class is the one without a price with ErrUnknownPrice.
func (m *Model) sum(u *types.Usage) (total Cost, class Class, detail string, err error) {
	list, detail, err := m.shares(u)
	if err != nil {
		return 0, "", detail, err
	}
	rates := [...]*Rate{&m.Input, &m.CacheRead, &m.CacheWrite, &m.Output, &m.Reasoning}
	for i, tokens := range list {
		if tokens == 0 {
			continue // they cost nothing, also where the price is unknown
		}
		c, err := rates[i].charge(tokens)
		if err != nil {
			return 0, classes[i], "", err
		}
		var ok bool
		if total, ok = total.plus(c); !ok {
			return 0, "", "", ErrCostOutOfRange
		}
	}
	if total > maxCall {
		return 0, "", "", ErrCostOutOfRange
	}
	return total, "", "", nil
}

// maxCall is a million dollars: no call costs that, and servers refuse an event that says so.
const maxCall Cost = 1_000_000_000_000_000_000

// charge is what that many tokens cost.
func (r *Rate) charge(tokens int) (Cost, error) {
	if !r.known {
		return 0, ErrUnknownPrice
	}
	c, ok := r.times(tokens)
	if !ok {
		return 0, ErrCostOutOfRange
	}
	return c, nil
}

// Cost is what a call with that usage costs; ok is false when that is not known, see Table.Explain. Usage counts as types.Usage says: cached tokens are part of PromptTokens, reasoning
// tokens part of CompletionTokens.
func (m *Model) Cost(u types.Usage) (cost Cost, ok bool) {
	cost, _, _, err := m.sum(&u)
	return cost, err == nil
}

// Cost is what a call of a model at a provider costs; ok is false when that is not known, and Explain says why. It makes no allocation for a name it has seen before.
func (t *Table) Cost(provider, model string, u types.Usage) (cost Cost, ok bool) {
	r := t.look(provider, model)
	if r.model == nil {
		return 0, false
	}
	return r.model.Cost(u)
}
