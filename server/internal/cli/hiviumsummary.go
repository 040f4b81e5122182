package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// runSummary is how an import of runs went, in the form of --json.
type runSummary struct {
	*bulk.Summary      // nil when nothing was to be stored
	DryRun        bool `json:"dry_run,omitzero"`
	runTally
}

// concludeRuns prints how far it came, also when it came to no good end.
func (a *app) concludeRuns(cmd *cobra.Command, runs *runEvents, sum *bulk.Summary, failure error) error {
	all := runSummary{Summary: sum, DryRun: sum == nil, runTally: runs.so()}
	if sum != nil {
		sum.Last = "" // which counts lines that nobody has seen
		for i := range sum.Reasons {
			sum.Reasons[i].At = placed(sum.Reasons[i].At, runs.place)
		}
	}
	if err := a.printRuns(cmd, &all); err != nil {
		return err
	}
	if failure != nil {
		if sum != nil {
			_ = a.note("stopped: the same command goes on, for what is stored is known by its ids")
		}
		return failure
	}
	return all.problem()
}

func (a *app) printRuns(cmd *cobra.Command, s *runSummary) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(s)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	_, err := fmt.Fprint(sink{a.out}, s.text())
	return err
}

// text is the summary for people: what was stored first, as for every import.
func (s *runSummary) text() string {
	var b strings.Builder
	if s.Summary != nil {
		fmt.Fprintf(&b, "%s accepted, %s, %s rejected\n", format.Plural(s.Accepted, "event"), format.Plural(s.Duplicates, "duplicate"), format.Count(s.Rejected))
	} else {
		total := 0
		for _, n := range s.Types {
			total += n
		}
		fmt.Fprintf(&b, "%s would be stored\n", format.Plural(total, "event"))
	}
	counted(&b, s.Types)
	fmt.Fprintf(&b, "from %s, of which %s not ended; together they cost $%s\n",
		format.Plural(s.Runs, "run"), areNot(s.Unfinished), strconv.FormatFloat(s.CostUSD, 'f', -1, 64))
	counted(&b, s.Statuses)
	if s.Passed > 0 {
		fmt.Fprintf(&b, "%s passed over that were not asked for\n", format.Plural(s.Passed, "run"))
	}
	return b.String()
}

func areNot(n int) string {
	if n == 1 {
		return "1 has"
	}
	return format.Count(n) + " have"
}

// problem is what makes the command fail; it has done all the same what could be done.
func (s *runSummary) problem() error {
	var what, hint []string
	if s.Summary != nil && s.Rejected > 0 {
		what, hint = append(what, format.Plural(s.Rejected, "event")+" could not be stored"), append(hint, reasons(*s.Summary))
	}
	if s.Unreadable > 0 {
		what = append(what, format.Count(s.Unreadable)+" could not be read")
	}
	for _, p := range s.Problems {
		hint = append(hint, strings.TrimSpace(strings.Join([]string{p.File, p.At}, " "))+": "+p.Message)
	}
	if len(what) == 0 {
		return nil
	}
	return &problem{exit: exitFailed, what: strings.Join(what, ", "), hint: strings.Join(hint, "\n"), code: "rejected"}
}

// runWatch shows how an import of runs goes, first how many were read and then how many events are stored. Both are told by goroutines of their own.
type runWatch struct {
	importWatch
	runs *runEvents
	from runSource
	mu   sync.Mutex
	over bool
}

func newRunWatch(a *app, runs *runEvents, from runSource, size int64) *runWatch {
	return &runWatch{importWatch: importWatch{app: a, bar: a.progress(size, "reading"), started: time.Now()}, runs: runs, from: from}
}

func (w *runWatch) reading() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.show(format.Plural(w.runs.so().Runs, "run"))
}

// Progress implements bulk.Watcher.
func (w *runWatch) Progress(sum bulk.Summary) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.show(fmt.Sprintf("%s, %s", format.Plural(w.runs.so().Runs, "run"), format.Plural(sum.Events(), "event")))
}

func (w *runWatch) show(text string) {
	if !w.over {
		w.bar.set(w.from.read(), text)
	}
}

// done takes the bar away.
func (w *runWatch) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.over = true
		w.bar.done()
	}
}
