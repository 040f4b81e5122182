package sentinel

// The paths of the API, all of them named by its documentation.
const (
	pathUpload   = "/api/v1/nexus/upload"
	pathProgress = "/api/v2/status/process/{}/progress"
	pathMessages = "/api/v1/chat/{}/messages"
)

// uploadField is the field of the form that has the document.
const uploadField = "file"

// The documentation names no field of a reply but an error's detail. These are the names that are understood, the likeliest first; a reply's Raw has the rest.
var (
	namesDocumentID = []string{"doc_id", "document_id", "id"}
	namesState      = []string{"status", "state"}
	namesPercent    = []string{"progress", "percent", "percentage"}
	namesStage      = []string{"stage", "step", "message"}
	namesReason     = []string{"error", "detail", "reason", "error_message"}
	namesMessageID  = []string{"message_id", "id"}
	namesContent    = []string{"content", "response", "reply", "answer", "message", "text"}
)

// words are the states as they may be told, in lower case, and what they stand for here. Any other word is kept, and counts as not final.
var words = map[string]State{
	"queued": StateQueued, "pending": StateQueued, "uploaded": StateQueued, "received": StateQueued, "accepted": StateQueued,
	"processing": StateProcessing, "running": StateProcessing, "in_progress": StateProcessing, "started": StateProcessing,
	"completed": StateCompleted, "complete": StateCompleted, "done": StateCompleted, "processed": StateCompleted, "ready": StateCompleted,
	"success": StateCompleted, "succeeded": StateCompleted, "finished": StateCompleted,
	"failed": StateFailed, "failure": StateFailed, "error": StateFailed, "rejected": StateFailed,
	"cancelled": StateCancelled, "canceled": StateCancelled,
}
