// Package agentidp is a client of AgentIdP, the identity provider for AI agents by SentryAgent.ai: tokens, agents, credentials and the audit log.
//
//	client, err := agentidp.New("https://idp.example", clientID, clientSecret)
//	agent, err := client.Agents.Register(ctx, agentidp.RegisterAgent{Email: "classifier@example.org", AgentType: "classifier", Version: "2.0.0"})
//
// A client is safe for concurrent use and has nothing to close. It fetches its access token by itself, keeps it until a minute before it expires, and fetches one
// token however many goroutines need it. A request that is refused with 401 is sent once more with a new token.
//
// Calls are recorded as tool calls ("agentidp.agents.register") when a session is in their context. [Client.TokenSource] lets an agent send its events under its
// own identity:
//
//	events, err := sentrial.New(sentrial.WithTokenSource(client.TokenSource()))
//
// # Errors
//
// Whatever the platform, OAuth 2.0 or the network says is an [*Error], which errors.Is compares by code or by status: errors.Is(err, agentidp.ErrAgentNotFound).
//
// # Retries
//
// 408, 429, 500, 502, 503, 504, no reply and one that is not understood are tried again, after 1, 2 and 4 seconds with up to half as much added, and never sooner
// than Retry-After says. What would do harm twice is sent once: registering an agent and generating a credential. Waits end with the context. Redirects are not followed.
//
// # What is ours
//
// The public document of the platform names methods, parameters and scopes, and no path or name of a JSON field. Those are in paths.go and the tags of the types.
package agentidp
