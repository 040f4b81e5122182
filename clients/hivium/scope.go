package hivium

// Scope is what a key may do.
type Scope string

// Scopes of keys.
const (
	ScopeContactsWrite     Scope = "contacts:write"     // create contacts; ours: update and delete them
	ScopeContactsRead      Scope = "contacts:read"      // get and list contacts
	ScopeConversationsRead Scope = "conversations:read" // list conversations
	ScopeMessagesWrite     Scope = "messages:write"     // send messages
	ScopeMessagesRead      Scope = "messages:read"      // list messages; ours: the document names none for it
	ScopeAgentsRead        Scope = "agents:read"        // list runs
)

// AllScopes gives every scope.
func AllScopes() []Scope {
	return []Scope{ScopeContactsWrite, ScopeContactsRead, ScopeConversationsRead, ScopeMessagesWrite, ScopeMessagesRead, ScopeAgentsRead}
}
