// Package agentidptest is an AgentIdP in the process, for tests of agents that use package agentidp:
//
//	idp := agentidptest.Start(t)
//	client, err := agentidp.New(idp.URL(), idp.ClientID(), idp.ClientSecret())
//
// It holds to the platform's public document: agents, credentials, tokens and audit events are kept; scopes are asked for; tokens expire and are revoked; a secret is
// shown once, and rotating a credential makes the old one invalid at once. Where the document is silent it does what the client takes for granted.
//
// It fails on demand, see [Server.Fault]. It goes by time.Now, so that in a testing/synctest bubble its tokens expire without waiting; [New] is a handler for there.
package agentidptest
