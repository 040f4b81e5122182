package agentidp

import "net/http"

// endpoint is one of the fourteen. None of these paths and methods is in the platform's document: this table is the place to correct them.
type endpoint struct {
	tool, method, path string
	repeat             bool // doing it twice is as good as once
}

var (
	issueToken      = endpoint{"tokens.issue", http.MethodPost, "/api/v1/token", true}
	introspectToken = endpoint{"tokens.introspect", http.MethodPost, "/api/v1/token/introspect", true}
	revokeToken     = endpoint{"tokens.revoke", http.MethodPost, "/api/v1/token/revoke", true}

	registerAgent     = endpoint{"agents.register", http.MethodPost, "/api/v1/agents", false}
	listAgents        = endpoint{"agents.list", http.MethodGet, "/api/v1/agents", true}
	getAgent          = endpoint{"agents.get", http.MethodGet, "/api/v1/agents/{}", true}
	updateAgent       = endpoint{"agents.update", http.MethodPatch, "/api/v1/agents/{}", true}
	decommissionAgent = endpoint{"agents.decommission", http.MethodDelete, "/api/v1/agents/{}", true}

	generateCredential = endpoint{"credentials.generate", http.MethodPost, "/api/v1/agents/{}/credentials", false}
	listCredentials    = endpoint{"credentials.list", http.MethodGet, "/api/v1/agents/{}/credentials", true}
	rotateCredential   = endpoint{"credentials.rotate", http.MethodPost, "/api/v1/agents/{}/credentials/{}/rotate", true} // a secret lost on the way is replaced by another one
	revokeCredential   = endpoint{"credentials.revoke", http.MethodDelete, "/api/v1/agents/{}/credentials/{}", true}

	queryAudit    = endpoint{"audit.query", http.MethodGet, "/api/v1/audit", true}
	getAuditEvent = endpoint{"audit.get", http.MethodGet, "/api/v1/audit/{}", true}
)
