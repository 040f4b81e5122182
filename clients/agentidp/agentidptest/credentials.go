package agentidptest

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"slices"
	"time"
)

type credential struct {
	CredentialID string     `json:"credentialId"`
	ClientID     string     `json:"clientId"`
	Status       string     `json:"status"`
	CreatedAt    time.Time  `json:"createdAt"`
	RevokedAt    *time.Time `json:"revokedAt,omitempty"`
	secret       string
	number       int
}

// shown is a credential with its secret, which no other reply has.
type shown struct {
	credential
	ClientSecret string `json:"clientSecret"`
}

func (s *Server) addCredential(agentID string) (*credential, string) {
	c := &credential{CredentialID: newID(), ClientID: agentID, Status: "active", CreatedAt: time.Now().UTC(), number: len(s.credentials)}
	c.secret = "sec_" + rand.Text()
	s.credentials[c.CredentialID] = c
	return c, c.secret
}

// proves tells whether the secret is one of an active agent's.
func (s *Server) proves(id, secret string) bool {
	if a := s.agents[id]; a == nil || a.Status != "active" || secret == "" {
		return false
	}
	for _, c := range s.credentials {
		if c.ClientID == id && c.Status == "active" && subtle.ConstantTimeCompare([]byte(c.secret), []byte(secret)) == 1 {
			return true
		}
	}
	return false
}

func (c *credential) end() {
	if c.Status == "active" {
		now := time.Now().UTC()
		c.Status, c.RevokedAt = "revoked", &now
	}
}

func (s *Server) generate(x *exchange) any {
	a, refused := s.living(x)
	if refused != nil {
		return *refused
	}
	c, secret := s.addCredential(a.AgentID)
	s.note(x, a.AgentID, "credential.generated", "success", map[string]any{"credentialId": c.CredentialID})
	x.status = http.StatusCreated
	return shown{*c, secret}
}

func (s *Server) listCredentials(x *exchange) any {
	a := s.agents[x.r.PathValue("agent")]
	if a == nil {
		return noAgent
	}
	all := []credential{}
	for _, c := range s.credentials {
		if c.ClientID == a.AgentID {
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b credential) int { return a.number - b.number })
	return page(x, all)
}

// active is the credential of the path, or why not.
func (s *Server) active(x *exchange) (*credential, *refusal) {
	a, refused := s.living(x)
	if refused != nil {
		return nil, refused
	}
	c := s.credentials[x.r.PathValue("credential")]
	switch {
	case c == nil || c.ClientID != a.AgentID:
		return nil, &refusal{"CredentialNotFoundError", "the agent has no credential with that id", http.StatusNotFound}
	case c.Status != "active":
		return nil, &refusal{"CredentialAlreadyRevokedError", "the credential was revoked", http.StatusConflict}
	}
	return c, nil
}

func (s *Server) rotate(x *exchange) any {
	c, refused := s.active(x)
	if refused != nil {
		return *refused
	}
	c.secret = "sec_" + rand.Text()
	s.note(x, c.ClientID, "credential.rotated", "success", map[string]any{"credentialId": c.CredentialID})
	return shown{*c, c.secret}
}

func (s *Server) revokeCredential(x *exchange) any {
	c, refused := s.active(x)
	if refused != nil {
		return *refused
	}
	c.end()
	s.note(x, c.ClientID, "credential.revoked", "success", map[string]any{"credentialId": c.CredentialID})
	return nil
}
