package httptap

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/sentrial/sentrial-go/httptap/internal/wire"
	"github.com/sentrial/sentrial-go/types"
)

// outcome is what the attempt says of its call.
func (a *attempt) outcome(how ending, err error) (types.LLMCall, error) {
	out := a.call.asked
	if !a.question.ahead {
		out = a.call.tap.ask(a.wire, a.req, a.question)
	}
	out.Metadata = a.facts(out.Metadata)
	said := a.reply.said(a, how, &out)
	failure := a.failure(how, err, said)
	switch {
	case how == left && failure == nil && said != nil, failure != nil && a.cancelled():
		out.Status = types.StatusCancelled
		if len(out.OutputMessages) > 0 || out.Response != "" || a.reply.begun {
			out.Metadata["partial"] = true
		}
	case a.reply.broken && failure == nil:
		out.Status, out.Metadata["reading_failed"] = types.StatusUnknown, true
	}
	if failure != nil {
		out.Error = secretsOf(a.req).hide(text(failure))
	}
	return out, failure
}

func (a *attempt) cancelled() bool {
	return a.reply.status < http.StatusBadRequest && errors.Is(a.req.Context().Err(), context.Canceled)
}

// failure is what went wrong, nil if nothing did or the program did not want to know the rest.
func (a *attempt) failure(how ending, err, said error) error {
	switch provider := providers(said); {
	case provider != nil:
		return provider
	case a.reply.status >= http.StatusMultipleChoices:
		return &wire.Error{Status: a.reply.status}
	case how == failed, how == left && said != nil:
		return err
	}
	return said
}

// providers is what the provider said went wrong, nil if it said nothing of the kind.
func providers(said error) *wire.Error {
	if said == nil {
		return nil
	}
	var e *wire.Error
	errors.As(said, &e)
	return e
}

// facts are what the metadata tells of request and reply.
func (a *attempt) facts(more map[string]any) map[string]any {
	facts := make(map[string]any, len(more)+5)
	maps.Copy(facts, more)
	facts["wire"], facts["server.address"] = a.wire.Name(), a.req.URL.Hostname()
	if a.reply.status != 0 {
		facts["http.status_code"] = a.reply.status
	}
	if a.reply.id != "" {
		facts["request_id"] = secretsOf(a.req).hide(clip(a.reply.id, 200))
	}
	if a.reply.encoding != "" {
		facts["content_encoding"] = clip(a.reply.encoding, 40)
	}
	return facts
}

// text is what an error says, without the URL that net/http puts before it.
func text(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) && failed.Err != nil {
		return failed.Op + ": " + failed.Err.Error()
	}
	return err.Error()
}

func clip(s string, n int) string { return s[:min(len(s), n)] }
