package server

import (
	"net/http"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// patchSession ends a session, or changes what is known of it. A PATCH that tells nothing new, such as one sent again, is not stored.
func (s *Server) patchSession(r *http.Request, in *hostedRequest) (any, error) {
	t := translate(in)
	session, known := s.hostedSession(r.Context(), in, r.PathValue("id"))
	totals := t.patch(&session)
	text, err := t.finish()
	if err != nil {
		return nil, err // before an unknown session, as with events
	}
	if known != nil {
		return nil, known
	}
	sent, err := s.decodeHosted(text)
	if err != nil {
		return nil, err
	}
	e := &sent.events[0]
	e.Tokens, e.Cost, e.Totals = totals.Tokens, totals.Cost, true
	if in.client.ID == "" && session.Holds(e) {
		return newHostedOutcome(&session, in.now), nil
	}
	if err := s.keepHosted(r.Context(), in, sent); err != nil {
		return nil, err
	}
	if session, err = s.hostedSession(r.Context(), in, session.ID); err != nil {
		return nil, err
	}
	return newHostedOutcome(&session, in.now), nil
}

// patch writes a session_end, or without a status a session_update, and returns the session's totals.
func (t *translation) patch(session *store.Session) (totals store.Event) {
	switch status := t.endStatus(); status {
	case "":
		t.begin(types.EventSessionUpdate, session.ID)
	case types.StatusError:
		t.begin(types.EventSessionEnd, session.ID)
		t.status(status)
	default:
		t.begin(types.EventSessionEnd, session.ID)
		t.out.text("status", string(status))
	}
	t.lift(ownTrace, t.meta.own)
	t.summary()
	if input := t.any("userInput"); !t.meta.ours || session.Input == nil { // our SDK has told the input before
		t.out.filled("input", input)
	}
	t.output()
	t.metrics()
	if duration := t.take("durationMs", checkMillis); !t.timed { // else it is told by the times
		t.meta.keep("duration_ms", duration)
	}
	return t.totals()
}

// output is a text on this wire; what our SDK has instead it says as it is.
func (t *translation) output() {
	text, own := t.any("assistantOutput"), t.meta.own(ownOutput)
	if own != nil {
		text = own
	}
	t.out.filled("output", text)
}

// endStatus is how the session ended, "" while it goes on.
func (t *translation) endStatus() types.Status {
	status, success := t.take("status", checkPatchStatus), t.take("success", checkFlag)
	switch {
	case status == nil:
		t.meta.keep("success", success)
		return ""
	case textOf(status) == "failed":
		if string(success) == "true" {
			t.meta.keep("success", success)
		}
		return types.StatusError
	case string(success) == "false":
		return types.StatusError
	}
	return types.StatusSuccess
}

func checkPatchStatus(raw []byte) *problem {
	if s, p := readText(raw); p != nil || s != "completed" && s != "failed" {
		return wrong("expected completed or failed, got " + show(raw))
	}
	return nil
}

// summary is the metadata's, else the reason of the failure. What our SDK gives as a reason is its summary or made up from an error.
func (t *translation) summary() {
	summary, reason := t.meta.lift(summaryFact), t.take("failureReason", checkText)
	switch {
	case t.meta.ours:
	case summary == nil:
		summary = reason
	case textOf(summary) != textOf(reason):
		t.meta.keep("failure_reason", reason)
	}
	t.out.filled("summary", summary)
}

// metrics are the members of customMetrics that are numbers; the others are kept.
func (t *translation) metrics() {
	raw := t.take("customMetrics", ofKind('{', "an object"))
	if raw == nil {
		return
	}
	all, p := readObject(raw)
	t.note("customMetrics", p)
	var rest sentObject
	var numbers objectWriter
	for _, m := range all.members {
		if checkNumber(m.value) == nil {
			numbers.member(m.written, m.value)
		} else {
			rest.members = append(rest.members, m)
		}
	}
	if len(numbers.out) > 0 {
		t.out.raw("metrics", numbers.end())
	}
	t.meta.keep("custom_metrics", rest.text())
}

// totals are what the session used as its sender knows it. Those of our SDK are sums of what it sent, which its session_end does not repeat.
func (t *translation) totals() (e store.Event) {
	cost := t.cost()
	prompt, completion, total := t.count("promptTokens"), t.count("completionTokens"), t.count("totalTokens")
	if !t.meta.ours {
		t.out.raw("cost", cost)
		t.out.raw("prompt_tokens", prompt)
		t.out.raw("completion_tokens", completion)
		t.out.raw("tokens_used", total)
	}
	if cost != nil {
		_ = readCost(&e, cost) // checked above
	}
	e.Tokens = store.Tokens{Prompt: countOf(prompt), Completion: countOf(completion), Total: countOf(total)}
	if total == nil {
		e.Tokens.Total = e.Tokens.Prompt + e.Tokens.Completion
	}
	return e
}
