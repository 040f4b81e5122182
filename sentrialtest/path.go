package sentrialtest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// path says where events are, see In.
type path struct {
	text  string
	parts []part
}

type part struct {
	name string
	deep bool // anywhere inside of the part before, not directly
}

var errEmptyPart = errors.New("want names with > or >> between them, such as plan > search")

func parsePath(text string) (path, error) {
	p := path{text: text}
	deep := false
	for rest, more := text, true; more; {
		var name, sign string
		name, sign, rest, more = nextPart(rest)
		if name == "" || name == ">" || name == ">>" {
			return path{text: text}, errEmptyPart
		}
		p.parts = append(p.parts, part{name, deep})
		deep = sign == ">>"
	}
	return p, nil
}

// nextPart cuts text at the first > or >> that stands between spaces: names may contain others.
func nextPart(text string) (name, sign, rest string, more bool) {
	text = " " + text + " "
	for i := 0; i < len(text); i++ {
		for _, sign := range []string{">>", ">"} {
			if after, ok := strings.CutPrefix(text[i:], " "+sign+" "); ok {
				return strings.TrimSpace(text[:i]), sign, after, true
			}
		}
	}
	return strings.TrimSpace(text), "", "", false
}

var tight = regexp.MustCompile(` *(>>?) *`)

// hint says how a path is written that seems to mean something else: without spaces a > is a part of a name.
func (p path) hint() string {
	if slices.ContainsFunc(p.parts, func(p part) bool { return strings.Contains(p.name, ">") }) {
		return fmt.Sprintf(" (with spaces around the > it is %q)", tight.ReplaceAllString(p.text, " $1 "))
	}
	return ""
}

// leadsTo reports whether n is at the path's end.
func (p path) leadsTo(n *node) bool {
	return len(p.parts) > 0 && leads(p.parts, n)
}

func leads(parts []part, n *node) bool {
	last := len(parts) - 1
	switch {
	case n == nil || !parts[last].names(n):
		return false
	case last == 0:
		return true
	case parts[last].deep:
		return n.isIn(func(around *node) bool { return leads(parts[:last], around) })
	}
	return leads(parts[:last], n.parent)
}

func (p part) names(n *node) bool {
	switch p.name {
	case "*", n.kind, strings.TrimSpace(called(n.kind, n.name)), n.id:
		return true
	case strings.TrimSpace(n.name):
		return n.session != nil || n.isWork() // a decision for search is no search
	}
	return false
}
