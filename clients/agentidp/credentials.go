package agentidp

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Credentials is what agents prove by who they are.
type Credentials struct{ c *Client }

// Values of Credential.Status, which the document does not name.
const (
	CredentialActive  = "active"
	CredentialRevoked = "revoked"
)

// Credential is one of an agent's credentials. Its secret is not part of it.
type Credential struct {
	CredentialID string    `json:"credentialId"`
	ClientID     string    `json:"clientId"` // the agent's ID
	Status       string    `json:"status"`
	CreatedAt    time.Time `json:"createdAt,omitzero"` // zero = not told
	ExpiresAt    time.Time `json:"expiresAt,omitzero"` // zero = never
	RevokedAt    time.Time `json:"revokedAt,omitzero"` // zero = not revoked
}

// missing names a field without which it cannot be.
func (c *Credential) missing() string {
	if c.CredentialID == "" {
		return "credentialId"
	}
	return ""
}

// NewCredential is a credential with its secret, which is shown once: it can be had nowhere else.
type NewCredential struct {
	Credential
	ClientSecret Secret `json:"clientSecret"`
}

// missing names a field without which it cannot be.
func (c *NewCredential) missing() string {
	if c.ClientSecret == "" {
		return "clientSecret"
	}
	return c.Credential.missing()
}

// Generate makes a credential. It is sent once: a lost reply leaves open whether there is one, whose secret nobody knows. It needs the scope agents:write.
func (c *Credentials) Generate(ctx context.Context, agentID string) (*NewCredential, error) {
	var got NewCredential
	return result(&got, c.c.do(ctx, call{
		endpoint: generateCredential, ids: []string{agentID}, json: struct{}{}, input: agentInput(agentID), into: &got, missing: got.missing,
	}))
}

// List gives a page of an agent's credentials. It needs the scope agents:read.
func (c *Credentials) List(ctx context.Context, agentID string, list PageOptions) (*Page[Credential], error) {
	q := list.addTo(url.Values{})
	var got Page[Credential]
	return result(&got, c.c.do(ctx, call{
		endpoint: listCredentials, ids: []string{agentID}, query: q, input: inputOf(q, agentInput(agentID)), into: &got, missing: got.missing,
	}))
}

// All goes through an agent's credentials from the page of list on. An error is the last that it yields.
func (c *Credentials) All(ctx context.Context, agentID string, list PageOptions) iter.Seq2[*Credential, error] {
	return each(ctx, list, func(ctx context.Context, o PageOptions) (*Page[Credential], error) {
		return c.List(ctx, agentID, o)
	}, func(c *Credential) string { return c.CredentialID })
}

// Rotate gives a credential another secret; the old one is invalid at once. After a lost reply it is done again, for nobody knows that secret. A client that rotates
// its own credential goes on by [Client.SetClientSecret]. It needs the scope agents:write.
func (c *Credentials) Rotate(ctx context.Context, agentID, credentialID string) (*NewCredential, error) {
	var got NewCredential
	return result(&got, c.c.do(ctx, call{
		endpoint: rotateCredential, ids: []string{agentID, credentialID}, json: struct{}{}, input: credentialInput(agentID, credentialID), into: &got, missing: got.missing,
	}))
}

// Revoke ends a credential. It needs the scope agents:write.
func (c *Credentials) Revoke(ctx context.Context, agentID, credentialID string) error {
	q := call{endpoint: revokeCredential, ids: []string{agentID, credentialID}, input: credentialInput(agentID, credentialID)}
	return c.c.end(ctx, q, ErrCredentialRevoked)
}

func credentialInput(agentID, credentialID string) map[string]any {
	return map[string]any{"agentId": agentID, "credentialId": credentialID}
}
