package hivium

import (
	"net/http"
	"strings"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// endpoint is one of the platform's. Those that its document does not name are marked as ours: this table is the place to correct them.
type endpoint struct {
	tool, method, path string
	repeat             bool // doing it twice is as good as once; of a POST: with an idempotency key
}

var (
	createContact = endpoint{"contacts.create", http.MethodPost, "/v1/contacts", true}
	getContact    = endpoint{"contacts.get", http.MethodGet, "/v1/contacts/{}", true}
	listContacts  = endpoint{"contacts.list", http.MethodGet, "/v1/contacts", true}
	updateContact = endpoint{"contacts.update", http.MethodPatch, "/v1/contacts/{}", true}  // ours: the document says CRUD
	deleteContact = endpoint{"contacts.delete", http.MethodDelete, "/v1/contacts/{}", true} // ours: the document says CRUD

	listConversations = endpoint{"conversations.list", http.MethodGet, "/v1/conversations", true}

	sendMessage  = endpoint{"messages.send", http.MethodPost, "/v1/messages", true}
	listMessages = endpoint{"messages.list", http.MethodGet, "/v1/messages", true} // ours: the document says send + read

	listRuns = endpoint{"agents.runs.list", http.MethodGet, "/v1/agents/runs", true}

	getOpenAPI = endpoint{"openapi.get", http.MethodGet, "/v1/openapi.json", true}
)

// fill puts the id into the path of an endpoint that wants one.
func (e endpoint) fill(id string) (string, error) {
	if !strings.Contains(e.path, "{}") {
		return e.path, nil
	}
	path, err := platform.Path(e.path, id)
	if err != nil {
		return "", invalid(err.Error())
	}
	return path, nil
}
