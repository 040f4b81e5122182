// Package hiviumtest is a workspace of Sentinel by Hivium in the process, for tests of agents that use package hivium:
//
//	h := hiviumtest.Start(t)
//	client, err := hivium.New(h.APIKey(), hivium.WithBaseURL(h.URL()))
//
// It holds to the platform's public document: keys have scopes and are revoked; contacts, conversations and messages are kept; a message to a contact without consent
// for its channel is refused; an idempotency key does a thing once, and refuses another body; a key may make 60 requests in any minute, which every reply tells.
// Where the document is silent it does what the client takes for granted.
//
// It fails on demand, see [Server.Fault]. It goes by time.Now, so that in a testing/synctest bubble minutes pass without waiting; [New] is a handler for there.
package hiviumtest
