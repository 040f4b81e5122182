package langchaingo

import (
	"bytes"
	"strings"
)

// maxText bounds what is kept of an answer while it streams; an event has no room for more.
const maxText = 1 << 20

// text gathers the pieces of a streamed answer.
type text struct{ b strings.Builder }

// add takes a piece, unless it is not what the model says: some providers stream the tool calls that it asks for as JSON.
func (t *text) add(piece []byte) {
	if !isToolCalls(piece) && t.b.Len()+len(piece) <= maxText {
		t.b.Write(piece)
	}
}

func isToolCalls(piece []byte) bool {
	return bytes.HasPrefix(piece, []byte(`[{`)) && bytes.Contains(piece, []byte(`"function":`))
}

func (t *text) String() string { return t.b.String() }
