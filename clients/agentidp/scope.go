package agentidp

// Scopes of OAuth 2.0 that a token may have.
const (
	ScopeAgentsRead  = "agents:read"  // read agent records
	ScopeAgentsWrite = "agents:write" // create, update and decommission agents
	ScopeTokensRead  = "tokens:read"  // introspect tokens
	ScopeAuditRead   = "audit:read"   // query the audit log
)

// AllScopes gives what a client asks for unless [WithScopes] says otherwise.
func AllScopes() []string {
	return []string{ScopeAgentsRead, ScopeAgentsWrite, ScopeTokensRead, ScopeAuditRead}
}
