package pricing

import (
	"cmp"
	"slices"
)

// site is where a call went: what its provider says, and what the prefix of the model's name says where both are of weight.
type site struct{ said, prefixed string }

// behind is the site after a prefix was taken off. A prefix that names who serves the model says more than a provider that anyone may be.
func (s site) behind(place string) site {
	switch {
	case place == gateway && s.said == anywhere:
		return site{said: gateway}
	case place == gateway:
		return s
	case passesOn(s.said):
		return site{said: place}
	}
	return site{said: s.said, prefixed: place}
}

// passesOn tells whether a place may be anybody's: instrumentations say openai of every server that speaks its wire.
func passesOn(place string) bool {
	if place == anywhere || place == "openai" {
		return true
	}
	_, isCloud := clouds[place]
	return place != nowhere && !isCloud && place != "groq" && !slices.Contains(makers, place)
}

// choose takes of the prices for a name the one that holds here: the provider's own, that of no provider in particular, or else the only one.
func (s site) choose(list []*Model) result {
	var general, other, near *Model
	several := false
	for _, m := range list {
		switch {
		case !m.holdsAt(s.said) || !m.holdsAt(s.prefixed):
			near = cmp.Or(near, m)
		case m.Provider == s.said:
			return result{model: m}
		case m.Provider == anywhere:
			general = m
		default:
			several, other = other != nil, cmp.Or(other, m)
		}
	}
	switch {
	case general != nil:
		return result{model: general}
	case several:
		return result{why: ErrAmbiguous, near: other}
	case other != nil:
		return result{model: other}
	case near != nil:
		return result{why: ErrOtherProvider, near: near}
	}
	return result{}
}
