package main

import (
	"context"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// The timeline of the session shows each call, and none of what the platforms were shown as secrets.
func TestEachCallIsRecorded(t *testing.T) {
	for _, name := range []string{"AGENTIDP_URL", "SENTINEL_URL", "HIVIUM_API_KEY", "CUSTOMER"} {
		t.Setenv(name, "")
	}
	rec := sentrialtest.New(t)
	p, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	err = rec.Client().Run(t.Context(), "answer the customer", func(ctx context.Context) error { return answer(ctx, p, "") })
	if err != nil {
		t.Fatal(err)
	}
	rec.WantToolsInOrder("agentidp.agents.get", "sentinel.documents.upload", "sentinel.documents.wait", "sentinel.chat.send", "hivium.contacts.list", "hivium.messages.send")
	rec.WantPath("agentidp.agents.get > agentidp.tokens.issue")
	rec.WantStatus(types.StatusSuccess)
	t.Log(rec.Timeline())
}
