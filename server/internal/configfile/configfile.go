// Package configfile reads settings from YAML of one level: a key and a value on each line, the value a text, a number, true or false, or a
// list of texts. What YAML has beyond that (anchors, tags, nesting) is refused, so that a file says what it seems to say.
package configfile

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Kind of a value.
type Kind int

// The kinds. Null is a key without a value: it sets nothing.
const (
	Null Kind = iota
	Text
	Number
	Bool
	List
)

// String names the kind as an error does.
func (k Kind) String() string {
	return [...]string{"nothing", "a text", "a number", "true or false", "a list"}[k]
}

// Setting is one line of the file.
type Setting struct {
	Key    string
	Line   int // counts from 1
	Kind   Kind
	Values []string // as they are written; one unless the kind is List
}

// Error tells what is wrong, and where. It holds no value of the file: one may be a key to a server.
type Error struct {
	Line   int // 0 = the file as a whole
	Reason string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// Parse reads the settings in the order in which they are written. Its error is an *[Error].
func Parse(text []byte) ([]Setting, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, explained(err)
	}
	var all []Setting
	for i, doc := range file.Docs {
		if i > 0 && doc.Body != nil {
			return nil, wrong(doc.Body, "a second document begins: expected one")
		}
		found, err := settings(doc.Body)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// explained is a syntax error without the excerpt of the file that the parser adds.
func explained(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		return &Error{Reason: "it is not YAML"}
	}
	return &Error{Line: at.GetToken().Position.Line, Reason: at.GetMessage()}
}

func wrong(at ast.Node, format string, args ...any) error {
	return &Error{Line: line(at), Reason: fmt.Sprintf(format, args...)}
}

func line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

func settings(body ast.Node) ([]Setting, error) {
	switch n := body.(type) {
	case nil:
		return nil, nil
	case *ast.CommentGroupNode:
		return nil, nil
	case *ast.MappingNode:
		return members(n.Values)
	case *ast.MappingValueNode:
		return members([]*ast.MappingValueNode{n})
	}
	return nil, wrong(body, "expected settings of the form `key: value`")
}

func members(list []*ast.MappingValueNode) ([]Setting, error) {
	out := make([]Setting, 0, len(list))
	for _, m := range list {
		key, ok := m.Key.(*ast.StringNode)
		if !ok {
			return nil, wrong(m.Key, "expected the name of a setting before the colon")
		}
		s, err := setting(key.Value, m.Value)
		if err != nil {
			return nil, err
		}
		s.Line = line(m.Key)
		out = append(out, s)
	}
	return out, nil
}

func setting(key string, value ast.Node) (Setting, error) {
	s := Setting{Key: key}
	list, ok := value.(*ast.SequenceNode)
	if !ok {
		text, kind, err := scalar(key, value)
		s.Kind, s.Values = kind, []string{text}
		return s, err
	}
	s.Kind, s.Values = List, make([]string, 0, len(list.Values))
	for _, item := range list.Values {
		text, kind, err := scalar(key, item)
		if err == nil && (kind == Null || kind == Bool) {
			err = wrong(item, "%s: expected a text in the list, got %s", key, kind)
		}
		if err != nil {
			return s, err
		}
		s.Values = append(s.Values, text)
	}
	return s, nil
}

// scalar is a value as it is written; quotes are no part of it.
func scalar(key string, value ast.Node) (string, Kind, error) {
	switch n := value.(type) {
	case *ast.StringNode:
		return n.Value, Text, nil
	case *ast.BoolNode:
		if n.Value {
			return "true", Bool, nil
		}
		return "false", Bool, nil
	case *ast.IntegerNode, *ast.FloatNode:
		return value.GetToken().Value, Number, nil
	case *ast.NullNode:
		return "", Null, nil
	}
	return "", Null, wrong(value, "%s: expected a text, a number, true or false, or a list of texts", key)
}
