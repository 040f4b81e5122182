// Package wire knows what the APIs of models send and receive: it reads requests and answers, whole or in a stream, into what an event tells of a call. Each API has
// a file of its own that declares a Wire; a new one is a new file and a line in the table.
package wire

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
	"github.com/sentrial/sentrial-go/internal/jsonindex"
	"github.com/sentrial/sentrial-go/types"
)

// Wire is the format of one API of models.
type Wire struct {
	name      string   // such as openai.chat
	provider  string   // whose API it is, where the host does not say who answers
	operation string   // "" = chat
	paths     []string // what the path of its requests ends with
	vectors   bool     // the answer is lists of numbers, which are not recorded

	// matches tells, where paths do not, whether a path is one of its requests'.
	matches func(path string) bool

	// request reads what was asked into call. The conversation, the tools and the parameters are each read with what the other wires read them with.
	request func(u *url.URL, body value, call *types.LLMCall)

	// answer reads a whole reply, or one event of a stream.
	answer func(s *said, o value)
}

// wires are tried in this order, so what ends like another comes before it.
var wires = []*Wire{
	openaiChat, openaiResponses, openaiCompletions,
	anthropicMessages,
	geminiGenerate, geminiEmbed, vertexPredict,
	ollamaChat, ollamaGenerate, ollamaEmbed,
	openaiEmbeddings,
}

// Find gives the wire of a request; nil if it is no call of a model. Base paths of any kind may stand before what is looked for.
func Find(method string, u *url.URL) *Wire {
	if method != http.MethodPost || u == nil {
		return nil
	}
	path := strings.TrimRight(u.Path, "/")
	for _, w := range wires {
		if w.has(path) {
			return w
		}
	}
	return nil
}

func (w *Wire) has(path string) bool {
	for _, end := range w.paths {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return w.matches != nil && w.matches(path)
}

// Name says which format it is, such as openai.chat.
func (w *Wire) Name() string { return w.name }

// Provider gives the provider that answers at a host, in the words of OpenTelemetry's gen_ai.provider.name. A host that nobody knows speaks for the one whose format it is.
func (w *Wire) Provider(host string) string {
	if strings.Contains(host, ":") {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	if known := genaiwords.ProviderOfHost(host); known != "" {
		return known
	}
	return w.provider
}

// Request reads what was asked. The body may be cut off (complete is false): what is there is read, the text that it breaks off in too.
func (w *Wire) Request(u *url.URL, body []byte, complete bool) types.LLMCall {
	call := types.LLMCall{Operation: w.operation}
	x := newIndex()
	defer freeIndex(x)
	w.request(u, requestBody(x, body, complete), &call)
	return call
}

// requestBody gives the first object of a body.
func requestBody(x *jsonindex.Index, body []byte, complete bool) value {
	if complete && x.Read(body) && x.Root().Kind() == '{' {
		return value{x.Root()}
	}
	var first []byte
	v := values{limit: len(body) + 1, index: x, emit: func(o value) {
		if first == nil {
			first = bytes.Clone(o.Raw())
		}
	}}
	v.Write(body)
	if first == nil {
		first = v.broken()
	}
	return v.whole(first)
}
