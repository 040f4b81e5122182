package sink

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// answer says what the client wants to hear on its wire.
func answer(w http.ResponseWriter, path string, open []byte) {
	switch path {
	case "/v1/events": // our batches
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, bytes.Count(open, []byte(`"session_id":"`)))
	case "/v1/traces": // OTLP: an empty message
		w.Header().Set("Content-Type", "application/x-protobuf")
	case "/api/public/ingestion": // Langfuse
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusMultiStatus)
		_, _ = io.WriteString(w, `{"successes":[],"errors":[]}`)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":1}`)
	}
}
