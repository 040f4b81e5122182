package agentidp_test

import (
	"errors"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

func TestACredentialsLife(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	ctx := t.Context()
	agent := register(t, c, "a@b.c").AgentID
	made, err := c.Credentials.Generate(ctx, agent)
	if err != nil || made.CredentialID == "" || made.ClientSecret == "" || made.ClientID != agent || made.Status != agentidp.CredentialActive {
		t.Fatalf("generated %+v, %v", made, err)
	}
	works := func(secret agentidp.Secret) error {
		_, err := connectAs(t, idp, agent, secret.Reveal()).Tokens.Issue(ctx)
		return err
	}
	if err := works(made.ClientSecret); err != nil {
		t.Errorf("the new secret: %v", err)
	}
	rotated, err := c.Credentials.Rotate(ctx, agent, made.CredentialID)
	if err != nil || rotated.CredentialID != made.CredentialID || rotated.ClientSecret == made.ClientSecret {
		t.Fatalf("rotated %+v, %v", rotated, err)
	}
	if err := works(made.ClientSecret); !errors.Is(err, agentidp.ErrInvalidClient) || !errors.Is(err, agentidp.ErrUnauthorized) {
		t.Errorf("the old secret after the rotation: %v", err)
	}
	if err := works(rotated.ClientSecret); err != nil {
		t.Errorf("the new secret: %v", err)
	}
	if err := c.Credentials.Revoke(ctx, agent, made.CredentialID); err != nil {
		t.Fatal(err)
	}
	if err := works(rotated.ClientSecret); !errors.Is(err, agentidp.ErrInvalidClient) {
		t.Errorf("after it was revoked: %v", err)
	}
	if err := c.Credentials.Revoke(ctx, agent, made.CredentialID); !errors.Is(err, agentidp.ErrCredentialRevoked) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, err := c.Credentials.Rotate(ctx, agent, "nobody's"); !errors.Is(err, agentidp.ErrCredentialNotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestListingCredentials(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	agent := register(t, c, "a@b.c").AgentID
	var want []string
	for range 5 {
		made, err := c.Credentials.Generate(t.Context(), agent)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, made.CredentialID)
	}
	page, err := c.Credentials.List(t.Context(), agent, agentidp.PageOptions{Limit: 2, Page: 3})
	if err != nil || len(page.Data) != 1 || page.Total != 5 || page.Data[0].CredentialID != want[4] {
		t.Errorf("got %+v, %v", page, err)
	}
	n := 0
	for got, err := range c.Credentials.All(t.Context(), agent, agentidp.PageOptions{Limit: 2}) {
		if err != nil || got.CredentialID != want[n] {
			t.Fatalf("credential %d: %+v, %v", n, got, err)
		}
		n++
	}
	same(t, "credentials", n, 5)
	if _, err := c.Credentials.List(t.Context(), "nobody", agentidp.PageOptions{}); !errors.Is(err, agentidp.ErrAgentNotFound) {
		t.Errorf("nobody's: %v", err)
	}
}

// A client that rotates its own credential goes on with the new secret.
func TestRotatingOnesOwnCredential(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	list, err := c.Credentials.List(t.Context(), idp.ClientID(), agentidp.PageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := c.Credentials.Rotate(t.Context(), c.ClientID(), list.Data[0].CredentialID)
	if err != nil {
		t.Fatal(err)
	}
	c.ClearTokenCache()
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); !errors.Is(err, agentidp.ErrInvalidClient) {
		t.Errorf("with the old secret: %v", err)
	}
	c.SetClientSecret(rotated.ClientSecret)
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
		t.Errorf("with the new one: %v", err)
	}
}
