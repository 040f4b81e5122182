package agentidp_test

import (
	"errors"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// What was refused with 401 ended nothing: that another one had done it before is told, as it is without a 401.
func TestWhatAnotherOneEnded(t *testing.T) {
	for _, expired := range []bool{false, true} {
		idp := agentidptest.Start(t)
		c := connect(t, idp)
		agent := register(t, c, "a@b.c").AgentID
		cred, err := c.Credentials.Generate(t.Context(), agent)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Credentials.Revoke(t.Context(), agent, cred.CredentialID); err != nil {
			t.Fatal(err)
		}
		expire := func() {
			if expired {
				idp.ExpireTokens()
			}
		}
		expire()
		if err := c.Credentials.Revoke(t.Context(), agent, cred.CredentialID); !errors.Is(err, agentidp.ErrCredentialRevoked) {
			t.Errorf("expired %v: revoked twice: %v", expired, err)
		}
		if err := c.Agents.Decommission(t.Context(), agent); err != nil {
			t.Fatal(err)
		}
		expire()
		if err := c.Agents.Decommission(t.Context(), agent); !errors.Is(err, agentidp.ErrAgentDecommissioned) {
			t.Errorf("expired %v: decommissioned twice: %v", expired, err)
		}
	}
}
