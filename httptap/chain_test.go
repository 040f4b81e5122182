package httptap_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// guard asks a model about each request before it goes on, as guardrails and routers do.
func guard(asking, base http.RoundTripper, answer *string) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		var err error
		if *answer, err = askAt(req.Context(), asking, "https://api.openai.com/v1/chat/completions", `{"model":"guard"}`); err != nil {
			return nil, err
		}
		return base.RoundTrip(req)
	})
}

func TestAnotherCallOnTheWayIsAnEventOfItsOwn(t *testing.T) {
	r := newRig(t)
	verdict := strings.NewReplacer("chatcmpl-1", "chatcmpl-0", "gpt-4o-2024-08-06", "guard-1", "Fine, thanks.", "harmless", `"prompt_tokens":10`, `"prompt_tokens":7`).Replace(replied)
	var heard string
	rt := r.transport(guard(r.transport(answering(always(http.StatusOK, verdict))), r.transport(answering(always(http.StatusOK, replied))), &heard))
	if _, err := ask(r.ctx, rt, asked); err != nil || heard != verdict {
		t.Fatal(err, heard)
	}
	calls := map[string]types.Event{}
	for _, e := range callsOf(r.Recorder) {
		calls[e.LLMCall.ResponseID] = e
	}
	own, other := calls["chatcmpl-1"], calls["chatcmpl-0"]
	if len(calls) != 2 {
		t.Fatalf("want two calls, got\n%s", r.Timeline())
	}
	wantCall(t, own, types.StatusSuccess, "Fine, thanks.")
	wantUsage(t, own, 10, 4)
	wantCall(t, other, types.StatusSuccess, "harmless")
	wantUsage(t, other, 7, 4)
	if other.ParentID != own.ID || other.LLMCall.Model != "guard-1" || own.LLMCall.RequestModel != "gpt-4o" || other.Duration > own.Duration {
		t.Errorf("got %+v inside %+v", other, own)
	}
}
