package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// The timeline of the session shows each call.
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

// What the platforms were shown as secrets is in no event, and the message is for the one customer who has the address.
func TestPlatformsThatVariablesName(t *testing.T) {
	idp, workspace := agentidptest.Start(t), hiviumtest.Start(t)
	for name, value := range map[string]string{
		"AGENTIDP_URL": idp.URL(), "AGENTIDP_CLIENT_ID": idp.ClientID(), "AGENTIDP_CLIENT_SECRET": idp.ClientSecret(), "SENTINEL_URL": "",
		"HIVIUM_URL": workspace.URL(), "HIVIUM_API_KEY": workspace.APIKey(), "CUSTOMER": "Ada@example.com",
	} {
		t.Setenv(name, value)
	}
	rec := sentrialtest.New(t)
	p, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var ada string
	for _, email := range []string{"first-ada@example.com", "ada@example.com", "last-ada@example.com"} {
		contact, err := p.customers.Contacts.Create(t.Context(), hivium.CreateContact{FirstName: "A", Email: email, Consent: hivium.Consent{hivium.ChannelEmail: true}})
		if err != nil {
			t.Fatal(err)
		}
		if email == "ada@example.com" {
			ada = contact.ID
		}
	}
	err = rec.Client().Run(t.Context(), "answer the customer", func(ctx context.Context) error { return answer(ctx, p, "main.go") })
	if err != nil {
		t.Fatal(err)
	}
	rec.WantToolCount("hivium.messages.send", 1)
	events, err := json.Marshal(rec.Events())
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.identity.TokenSource().Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token, idp.ClientSecret(), workspace.APIKey(), sentineltest.New().Token()} {
		if strings.Contains(string(events), secret) || strings.Contains(rec.Timeline(), secret) {
			t.Errorf("%s is in an event", secret)
		}
	}
	if !strings.Contains(string(events), `"contact_id":"`+ada+`"`) {
		t.Errorf("no message for %s in %s", ada, events)
	}
}
