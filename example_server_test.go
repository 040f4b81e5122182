package sentrial_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go/types"
)

// exampleServer stands for `sentrial serve` in the examples: it takes batches and can print what came.
type exampleServer struct {
	*httptest.Server

	mu     sync.Mutex
	events []types.Event
}

func startServer() *exampleServer {
	s := new(exampleServer)
	s.Server = httptest.NewServer(http.HandlerFunc(s.take))
	return s
}

func (s *exampleServer) take(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Events []types.Event `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, batch.Events...)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))
}

// printEvents writes a line for each event, in the order in which they began, with what is inside another one indented.
func (s *exampleServer) printEvents() {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortStableFunc(s.events, func(a, b types.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	depth := map[string]int{}
	for i := range s.events {
		e := &s.events[i]
		if e.ParentID != "" {
			depth[e.ID] = depth[e.ParentID] + 1
		}
		fmt.Println(strings.TrimRight(strings.Repeat("  ", depth[e.ID])+strings.Join([]string{string(e.Type), label(e), string(e.Status)}, " "), " "))
	}
}

func label(e *types.Event) string {
	switch {
	case e.Session != nil:
		return e.Session.Name
	case e.Result != nil && e.Result.Summary != "":
		return fmt.Sprintf("%q", e.Result.Summary)
	case e.ToolCall != nil:
		return fmt.Sprintf("%s(%v) = %v", e.ToolCall.ToolName, e.ToolCall.ToolInput, e.ToolCall.ToolOutput)
	case e.LLMCall != nil:
		return fmt.Sprintf("%s %q", e.LLMCall.Model, e.LLMCall.Response)
	case e.Decision != nil:
		return e.Decision.Chosen
	case e.Error != nil:
		return fmt.Sprintf("%q", e.Error.ErrorMessage)
	case e.Step != nil:
		return e.Step.Name
	}
	return "-"
}
