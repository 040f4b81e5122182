// Package wire knows what the APIs of models send and receive: it reads requests and answers, whole or in a stream, into what an event tells of a call.
package wire

import (
	"net/url"

	"github.com/sentrial/sentrial-go/types"
)

// Wire is the format of one API of models.
type Wire struct {
	name, provider string
}

// Find gives the wire of a request; nil if it is no call of a model.
func Find(method string, u *url.URL) *Wire { return nil }

// Name says which format it is, such as openai.chat.
func (w *Wire) Name() string { return w.name }

// Provider gives the provider that answers at a host, in the words of OpenTelemetry's gen_ai.provider.name.
func (w *Wire) Provider(host string) string { return w.provider }

// Request reads what was asked. The body may be cut off (complete is false): what is there is read.
func (w *Wire) Request(u *url.URL, body []byte, complete bool) types.LLMCall { return types.LLMCall{} }

// Answer reads a reply, that of a failure too, in pieces as they come. It keeps limit bytes of what was said; after them only facts are read.
func (w *Wire) Answer(status int, contentType string, limit int) *Answer { return &Answer{} }
