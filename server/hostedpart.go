package server

import "slices"

// part is a value inside a request that ought to be an object, and may be anything.
type part struct {
	sentObject
	bare []byte // the value when it is no object
}

func readPart(raw []byte) *part {
	if raw == nil || isNull(raw) {
		return new(part)
	}
	if raw[0] == '{' {
		if o, p := readObject(raw); p == nil {
			return &part{sentObject: o}
		}
	}
	return &part{bare: raw}
}

// takeFit removes a member and returns it as an event has it, nil if it is of another kind.
func (p *part) takeFit(name string, f fit) []byte {
	raw := p.value(name)
	if raw == nil || isNull(raw) {
		return p.take(name)
	}
	value := f(raw)
	if value != nil {
		p.take(name)
	}
	return value
}

func (p *part) takeText(name string) string { return textOf(p.takeFit(name, fitting(checkText))) }

// giveBack puts a text into its place again if it is none of those that are known.
func (p *part) giveBack(name, text string, known ...string) {
	if text != "" && !slices.Contains(known, text) {
		p.put(name, quoted(text))
	}
}

// keep puts a value into its place again.
func (p *part) keep(name string, value []byte) {
	if value != nil {
		p.put(name, value)
	}
}

// drop removes a member, and a value that is no object.
func (p *part) drop(name string) {
	p.take(name)
	p.bare = nil
}

// left is what nobody took, nil when that is nothing.
func (p *part) left() []byte {
	if p.bare != nil {
		return p.bare
	}
	return p.text()
}

// unwrapped is the value in {"value": …}.
func unwrapped(raw []byte) []byte {
	if raw == nil || raw[0] != '{' {
		return raw
	}
	if o, p := readObject(raw); p == nil && len(o.members) == 1 && o.has("value") {
		return o.value("value")
	}
	return raw
}
