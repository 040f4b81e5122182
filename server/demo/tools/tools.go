// Package tools is what the demo's agent can do: list, search and read the files of one directory, and evaluate arithmetic.
//
// The file tools work inside an os.Root, so neither ".." nor a symbolic link leads out of the directory. They see regular files only, none whose path has
// a name starting with a dot, and every result is bounded in size.
package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/sentrial/sentrial-go/server/demo/chat"
)

// ErrUnknownTool says that the model asked for a tool it was not offered.
var ErrUnknownTool = errors.New("no such tool")

// tool is one thing the model can ask for.
type tool struct {
	definition chat.Definition
	call       func(ctx context.Context, args json.RawMessage) (any, error)
}

// Set is the tools of one directory. It is safe for concurrent use.
type Set struct {
	root  *os.Root
	tools []tool
}

// Open makes the tools of the directory dir.
func Open(dir string) (*Set, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the directory the tools work in: %w", err)
	}
	s := &Set{root: root}
	s.tools = []tool{
		define("list_files", listDescription, listSchema, s.list),
		define("search_files", searchDescription, searchSchema, s.search),
		define("read_file", readDescription, readSchema, s.read),
		define("calculate", calculateDescription, calculateSchema, calculate),
	}
	return s, nil
}

// Close gives the directory back.
func (s *Set) Close() error { return s.root.Close() }

// Definitions is what to tell the model, in a fixed order.
func (s *Set) Definitions() []chat.Tool {
	defs := make([]chat.Tool, len(s.tools))
	for i, t := range s.tools {
		defs[i] = chat.Tool{Type: "function", Function: t.definition}
	}
	return defs
}

// Call runs the named tool with arguments as the model wrote them. A missing file comes back as *fs.PathError.
func (s *Set) Call(ctx context.Context, name string, args json.RawMessage) (any, error) {
	for _, t := range s.tools {
		if t.definition.Name == name {
			return t.call(ctx, args)
		}
	}
	return nil, fmt.Errorf("%q: %w; there are list_files, search_files, read_file and calculate", name, ErrUnknownTool)
}

// define makes a tool of a function with a struct of arguments.
func define[In, Out any](name, description, schema string, fn func(context.Context, In) (Out, error)) tool {
	return tool{
		definition: chat.Definition{Name: name, Description: description, Parameters: json.RawMessage(schema)},
		call: func(ctx context.Context, args json.RawMessage) (any, error) {
			var in In
			if err := decodeStrictly(args, &in); err != nil {
				return nil, fmt.Errorf("arguments of %s: %w", name, err)
			}
			return fn(ctx, in)
		},
	}
}

// decodeStrictly refuses unknown arguments: a misspelt one would otherwise be ignored in silence.
func decodeStrictly(args json.RawMessage, into any) error {
	dec := json.NewDecoder(bytes.NewReader(args))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("want a JSON object: %w", err)
	}
	if dec.More() {
		return errors.New("want one JSON object, got more after it")
	}
	return nil
}
