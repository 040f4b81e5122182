package pricing

// maxAsked is the length of the longest name that is looked up, prefixes and all.
const maxAsked = 512

// Match is a price that was found, and how.
type Match struct {
	Model
	Prefix string // what was taken off the beginning of the name, "" = nothing
	Suffix string // what was taken off its end, "" = nothing
}

// Exact tells whether the name stands in the table as it was asked for.
func (m *Match) Exact() bool { return m.Prefix == "" && m.Suffix == "" }

// Rule says in words how the name was found.
func (m *Match) Rule() string {
	switch {
	case m.Exact():
		return "by its exact name"
	case m.Suffix == "":
		return "without the prefix " + m.Prefix
	case m.Prefix == "":
		return "without the suffix " + m.Suffix
	}
	return "without the prefix " + m.Prefix + " and the suffix " + m.Suffix
}

// LookUp finds the price of a model as it is called at a provider. provider is gen_ai.provider.name of OpenTelemetry or what an SDK says for it; "" = nobody says, and then a name
// that several providers have a price for is not found. After the first time a name costs no allocation.
func (t *Table) LookUp(provider, model string) (Match, bool) {
	r := t.look(provider, model)
	if r.model == nil {
		return Match{}, false
	}
	return Match{Model: *r.model, Prefix: r.prefix, Suffix: r.suffix}, true
}

// result is what became of a name.
type result struct {
	model          *Model // nil = none
	prefix, suffix string
	why            error  // one of the errors of this package, when there is no model
	near           *Model // the price of another provider, with ErrOtherProvider
}

func (t *Table) look(provider, model string) result {
	if t == nil || model == "" || len(model) > maxAsked || len(provider) > maxAsked {
		return result{why: ErrUnknownModel}
	}
	return t.found.look(t, provider, model)
}

// resolve goes from the name as it is to the name without all of its prefixes; the first that has a price where it is called is it.
func (t *Table) resolve(provider, model string) result {
	none := result{why: ErrUnknownModel}
	at, rest := site{said: providerOf(provider)}, model
	for range maxPrefixes + 1 {
		if r := t.spelt(rest, at); r.model != nil {
			r.prefix = model[:len(model)-len(rest)]
			return r
		} else if none.near == nil && r.near != nil {
			none = r
		}
		next, place, ok := withoutPrefix(rest)
		if !ok {
			break
		}
		rest, at = next, at.behind(place)
	}
	return none
}

// spelt looks for a name without prefixes, exact before anything else.
func (t *Table) spelt(name string, at site) result {
	none := result{why: ErrUnknownModel}
	list, n := spellings(name)
	for _, s := range list[:n] {
		r := at.choose(t.byName[s])
		if suffix := name[len(s):]; r.model != nil && !t.saysOtherwise(r.model, suffix) {
			r.suffix = suffix
			return r
		}
		if none.near == nil && r.near != nil {
			none = r
		}
	}
	return none
}
