package sentinel

import (
	"context"
	"net/http"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// Get tells how far a document is. A failed one is no error here: see its State.
func (d *Documents) Get(ctx context.Context, documentID string) (*Progress, error) {
	p, _, err := d.look(ctx, documentID, "documents.get")
	return p, err
}

// look asks for the progress, recorded as tool, or not at all if that is "".
func (d *Documents) look(ctx context.Context, documentID, tool string) (*Progress, *httpx.Response, error) {
	path, err := idPath(pathProgress, documentID)
	if err != nil {
		return nil, nil, err
	}
	p := &Progress{}
	reply, err := d.core.ask(ctx, platform.Request{
		Tool: tool, Method: http.MethodGet, Path: path, Retry: true, Input: map[string]any{"doc_id": documentID}, Output: p, Into: p, Missing: p.missing,
	})
	if err != nil {
		return nil, nil, err
	}
	if p.DocumentID == "" { // it was asked for by its id, the reply need not repeat it
		p.DocumentID = documentID
	}
	p.Stage, p.Reason = d.core.foreign(p.Stage), d.core.foreign(p.Reason)
	return p, reply, nil
}
