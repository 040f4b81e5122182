package sink

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/bench/work"
	"github.com/sentrial/sentrial-go/types"
)

// Records are what our own events say, field by field.
type Records struct {
	Events     uint64 // of the workload, each id once
	Others     uint64 // session_start and the like
	Duplicates uint64 // ids that came again
	Wrong      uint64 // events with a field that is not what was recorded
	FirstWrong string
	SeqGaps    int64 // numbers missing in the order of the session
	Parents    int   // different parent ids
	Traces     int   // different trace ids
	First      time.Time
	Last       time.Time
}

// recordKeeper gathers them. It belongs to the sink's lock.
type recordKeeper struct {
	Records
	calls   *work.Work
	ids     map[string]bool
	seqs    map[int64]bool
	highest int64
	parents map[string]bool
	traces  map[string]bool
}

func newRecordKeeper() *recordKeeper {
	return &recordKeeper{calls: work.New(), ids: map[string]bool{}, seqs: map[int64]bool{}, parents: map[string]bool{}, traces: map[string]bool{}}
}

func (k *recordKeeper) add(open []byte) {
	var batch struct{ Events []types.Event }
	if err := json.Unmarshal(open, &batch); err != nil {
		k.wrong(err)
		return
	}
	for i := range batch.Events {
		k.event(&batch.Events[i])
	}
}

func (k *recordKeeper) wrong(why error) {
	if k.Wrong++; k.Wrong == 1 {
		k.FirstWrong = why.Error()
	}
}

func (k *recordKeeper) event(e *types.Event) {
	if e.Status == types.StatusRunning { // the copy of a span that is still open; it comes again
		return
	}
	if k.ids[e.ID] {
		k.Duplicates++
		return
	}
	k.ids[e.ID], k.seqs[e.Seq], k.highest = true, true, max(k.highest, e.Seq)
	if e.ToolCall == nil && e.LLMCall == nil {
		k.Others++
		return
	}
	k.Events++
	k.place(e)
	if err := k.compare(e); err != nil {
		k.wrong(err)
	}
}

// place notes where an event belongs.
func (k *recordKeeper) place(e *types.Event) {
	if e.ParentID != "" {
		k.parents[e.ParentID] = true
	}
	if e.TraceID != "" && e.SpanID != "" {
		k.traces[e.TraceID] = true
	}
	if k.First.IsZero() || e.Timestamp.Before(k.First) {
		k.First = e.Timestamp
	}
	if e.Timestamp.After(k.Last) {
		k.Last = e.Timestamp
	}
}

// compare holds an event against the call that it says it is of.
func (k *recordKeeper) compare(e *types.Event) error {
	if e.ToolCall != nil {
		query, _ := e.ToolCall.ToolInput.(map[string]any)["query"].(string)
		kind, i, ok := parseMarker([]byte(query))
		if !ok || kind != work.ToolKind {
			return fmt.Errorf("event %s: no marker in %q", e.ID, query)
		}
		return sameTool(e, &k.calls.Tools[i])
	}
	kind, i, ok := parseMarker([]byte(e.LLMCall.Prompt))
	if !ok || kind != work.LLMKind {
		return fmt.Errorf("event %s: no marker in its prompt", e.ID)
	}
	return sameLLM(e, &k.calls.LLMs[i])
}

func (k *recordKeeper) summary() *Records {
	r := k.Records
	r.SeqGaps = k.highest - int64(len(k.seqs))
	r.Parents, r.Traces = len(k.parents), len(k.traces)
	return &r
}
