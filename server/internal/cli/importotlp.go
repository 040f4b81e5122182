package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) importOTLPCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "otlp FILE...",
		Short: "Store what GenAI spans in OTLP files say",
		Long: `import otlp reads files of OpenTelemetry spans and log records, makes the events of them that an OTLP endpoint would make, and stores these: on the
server, or with --db in a file, which is made if it is missing.

A file is what the Collector's file exporter writes, as JSON or protobuf, or a body of OTLP that was kept: JSON, on one line or many, or a protobuf message. It
may be compressed with gzip or zstd. - is stdin. Spans of a trace may be in several files; metrics are passed over.

What is stored is known by ids that depend on the spans alone, so a second run adds nothing and one that broke off can simply be run again. A body that cannot
be read is reported with its file and place, and the rest goes on; then the exit code is 1. "sentrial explain-span FILE" tells what becomes of each span.`,
		Example: `  sentrial import otlp traces.json --db ./sentrial.db
  sentrial import otlp --dry-run *.json.zst
  kubectl logs collector | sentrial import otlp - --url https://sentrial.example --json | jq .nothing`,
		Args: otlpNames,
		RunE: a.run(a.importOTLP),
	}
	cmd.Flags().Bool("dry-run", false, "store nothing, and say what would be stored")
	addPrices(cmd, "what calls cost whose spans do not say: a file of prices, laid over those that are built in; off estimates nothing")
	addGeneric(cmd)
	addSource(cmd)
	a.completeFlags(cmd)
	return cmd
}

// addGeneric gives cmd the flag that lets more spans become events.
func addGeneric(cmd *cobra.Command) {
	cmd.Flags().Bool("generic", false, "also make steps of spans that are neither calls, agents nor decisions, such as HTTP requests")
}

func isGeneric(cmd *cobra.Command) bool {
	generic, _ := cmd.Flags().GetBool("generic")
	return generic
}

func (a *app) importOTLP(cmd *cobra.Command, args []string) error {
	size, err := sizeOf(args)
	if err != nil {
		return err
	}
	prices, err := a.prices(cmd)
	if err != nil {
		return err
	}
	files := a.otlpFiles(args)
	spans := newSpanEvents(files, a.now(), genai.Config{Generic: isGeneric(cmd)})
	spans.prices = prices
	watch := &otlpWatch{importWatch: importWatch{app: a, read: &files.read, bar: a.progress(size, "reading"), started: time.Now()}, files: files}
	spans.each = watch.reading
	defer watch.done()
	if dry, _ := cmd.Flags().GetBool("dry-run"); dry {
		defer files.close()
		return a.rehearse(cmd, spans, watch)
	}
	dst, err := a.openFor(cmd, toCreate)
	if err != nil {
		return err
	}
	defer func() { _ = dst.Close() }()
	sum, err := bulk.Import(cmd.Context(), spans, dst, watch)
	watch.done()
	if err == nil {
		err = dst.awaitIndex(cmd.Context())
	}
	return a.concludeOTLP(cmd, spans, &sum, err)
}

// rehearse reads all and stores nothing.
func (a *app) rehearse(cmd *cobra.Command, spans *spanEvents, watch *otlpWatch) error {
	for !spans.ended {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		spans.more()
	}
	watch.done()
	return a.concludeOTLP(cmd, spans, nil, nil)
}

// otlpSummary is how an import of spans went, in the form of --json.
type otlpSummary struct {
	*bulk.Summary      // nil when nothing was to be stored
	DryRun        bool `json:"dry_run,omitzero"`
	spanTally
}

// concludeOTLP prints how far it came, also when it came to no good end.
func (a *app) concludeOTLP(cmd *cobra.Command, spans *spanEvents, sum *bulk.Summary, failure error) error {
	tally := spans.so()
	all := otlpSummary{Summary: sum, DryRun: sum == nil, spanTally: tally}
	if sum != nil {
		sum.Last = "" // which counts lines that nobody has seen
		for i := range sum.Reasons {
			sum.Reasons[i].At = placed(sum.Reasons[i].At, spans.place)
		}
	}
	if err := a.printOTLP(cmd, &all); err != nil {
		return err
	}
	if failure != nil {
		_ = a.note("stopped: the same command goes on, for what is stored is known by its ids")
		return failure
	}
	return all.problem()
}

// placed is where the line comes from that bulk has this name for.
func placed(name string, place func(line int) string) string {
	_, number, _ := strings.Cut(name, ":")
	n, _ := strconv.Atoi(number)
	if at := place(n); at != "" {
		return at
	}
	return name
}

// problem is what makes the command fail; it has done all the same what could be done.
func (s *otlpSummary) problem() error {
	unread := s.otlpFound.problem()
	if s.Summary == nil || s.Rejected == 0 {
		return s.failure()
	}
	p := &problem{exit: exitFailed, what: format.Plural(s.Rejected, "event") + " could not be stored", hint: reasons(*s.Summary), code: "rejected"}
	if unread != nil {
		p.what, p.hint = p.what+", "+unread.what, p.hint+"\n"+unread.hint
	}
	return p
}

func (a *app) printOTLP(cmd *cobra.Command, s *otlpSummary) error {
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

// otlpWatch shows how an import of spans goes, first how many were read and then how many events are stored. Both are told by goroutines of their own.
type otlpWatch struct {
	importWatch
	files *otlpFiles
	mu    sync.Mutex
	over  bool
}

// reading is told after each body.
func (w *otlpWatch) reading() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.bar.set(w.read.n.Load(), format.Plural(w.files.found.Spans, "span"))
	}
}

// Progress implements bulk.Watcher.
func (w *otlpWatch) Progress(sum bulk.Summary) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.importWatch.Progress(sum)
}

// done takes the bar away.
func (w *otlpWatch) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.over = true
		w.bar.done()
	}
}
