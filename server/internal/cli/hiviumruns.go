package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/types"
)

// runEvents reads runs as the events that they become, one a line.
type runEvents struct {
	from    runSource
	wanted  hivium.ListRuns
	now     time.Time
	each    func() // after each page, or value of a file
	pending bytes.Buffer
	failed  error // what ended the reading

	mu    sync.Mutex // for whoever asks before the end
	tally runTally
	lines []string // the run that each is about
}

// runTally counts what became of runs.
type runTally struct {
	Runs       int            `json:"runs"`
	Unfinished int            `json:"unfinished"` // of them
	Passed     int            `json:"passed"`     // in files, which are not wanted
	Statuses   map[string]int `json:"statuses"`   // runs by status
	Types      map[string]int `json:"events"`     // how many of each type
	CostUSD    float64        `json:"cost_usd"`
	Unreadable int            `json:"unreadable"`
	Problems   []otlpProblem  `json:"problems"` // the first, never nil
}

func newRunEvents(from runSource, wanted hivium.ListRuns, now time.Time) *runEvents {
	tally := runTally{Statuses: map[string]int{}, Types: map[string]int{}, Problems: []otlpProblem{}}
	return &runEvents{from: from, wanted: wanted, now: now, each: func() {}, tally: tally}
}

// Read implements io.Reader for bulk.Import.
func (r *runEvents) Read(p []byte) (int, error) {
	for r.pending.Len() == 0 {
		if r.failed == nil {
			r.failed = r.more()
		}
		if r.failed != nil {
			return 0, r.failed
		}
	}
	return r.pending.Read(p)
}

// drain reads all and keeps nothing.
func (r *runEvents) drain(ctx context.Context) error {
	for r.failed == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.failed = r.more()
		r.pending.Reset()
	}
	if errors.Is(r.failed, io.EOF) {
		return nil
	}
	return r.failed
}

// more makes lines of the next runs.
func (r *runEvents) more() error {
	found, err := r.from.next()
	if err != nil {
		return err
	}
	r.take(&found)
	r.each()
	return nil
}

func (r *runEvents) take(found *foundRuns) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range found.wrong {
		r.tally.wrong(p)
	}
	for i := range found.runs {
		r.write(&found.runs[i])
	}
}

func (t *runTally) wrong(p otlpProblem) {
	t.Unreadable++
	if len(t.Problems) < maxProblems {
		t.Problems = append(t.Problems, p)
	}
}

// write makes the lines of a run, all of them or none.
func (r *runEvents) write(run *hivium.Run) {
	if !r.wants(run) {
		r.tally.Passed++
		return
	}
	events := eventsOfRun(run, r.now)
	lines := make([][]byte, len(events))
	for i := range events {
		line, err := json.Marshal(events[i])
		if err != nil {
			r.tally.wrong(otlpProblem{At: "run:" + run.ID, Message: err.Error()})
			return
		}
		lines[i] = append(line, '\n')
	}
	for i := range events {
		r.pending.Write(lines[i])
		r.lines = append(r.lines, run.ID)
		r.tally.Types[typeOf(&events[i])]++
	}
	r.tally.count(run)
}

// typeOf is the type of one of [eventsOfRun], as it is written.
func typeOf(e *types.Event) string {
	switch {
	case e.LLMCall != nil:
		return string(types.EventLLMCall)
	case e.Result != nil:
		return string(types.EventSessionEnd)
	}
	return string(types.EventSessionStart)
}

func (t *runTally) count(run *hivium.Run) {
	t.Runs++
	t.Statuses[string(run.Status)]++
	if _, ended := statusOfRun(run); !ended {
		t.Unfinished++
	} else if run.CostUSD != nil {
		t.CostUSD = math.Round((t.CostUSD+*run.CostUSD)*1e9) / 1e9
	}
}

// wants tells whether a run is one that was asked for: a file has others too. One that does not say when it began is wanted.
func (r *runEvents) wants(run *hivium.Run) bool {
	began := firstTime(run.CreatedAt, run.StartedAt)
	return (r.wanted.AgentSlug == "" || r.wanted.AgentSlug == run.AgentSlug) && (r.wanted.Status == "" || r.wanted.Status == run.Status) &&
		(began.IsZero() || !began.Before(r.wanted.Since))
}

// so is how far it came.
func (r *runEvents) so() runTally {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.tally
	now.Statuses, now.Types = maps.Clone(now.Statuses), maps.Clone(now.Types)
	return now
}

// place names what line n of those that were read is about; they count from 1.
func (r *runEvents) place(n int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n < 1 || n > len(r.lines) {
		return ""
	}
	return "run:" + r.lines[n-1]
}
