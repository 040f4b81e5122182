package httptap_test

import (
	"net/http"
	"testing"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// Some frameworks hand no context on: where the call belongs, its goroutine tells.
func TestACallWhereItsGoroutineIs(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "framework")
	framework := adapter.New(rec.Client(), session)
	inside, tool := framework.Tool(t.Context(), types.ToolCall{ToolName: "search"})
	leave := framework.Enter(t.Context(), inside, nil)
	_, err := ask(t.Context(), adapterless(rec), asked)
	leave()
	tool.End(nil)
	if err != nil {
		t.Fatal(err)
	}
	e := theCallOf(t, rec)
	wantCall(t, e, types.StatusSuccess, "Fine, thanks.")
	if e.ParentID != tool.ID() {
		t.Error("the call is not inside the tool")
	}
}

func TestACallOfAFrameworkWhereItsGoroutineIs(t *testing.T) {
	rec := sentrialtest.New(t)
	_, session := rec.Client().CreateSession(t.Context(), "framework")
	framework := adapter.New(rec.Client(), session)
	inside, call := framework.LLM(t.Context(), types.LLMCall{})
	leave := framework.Enter(t.Context(), inside, nil)
	_, err := ask(t.Context(), adapterless(rec), asked)
	leave()
	call.End(err)
	wantUsage(t, theCallOf(t, rec), 10, 4)
}

// adapterless is a transport that knows of no session.
func adapterless(rec *sentrialtest.Recorder) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		return (&rig{rec, req.Context()}).transport(answering(always(http.StatusOK, replied))).RoundTrip(req)
	})
}
