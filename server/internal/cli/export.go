package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/format"
)

// exportFormats are what --format takes.
var exportFormats = []string{"ndjson", "json", "markdown"}

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export [SESSION_ID...]",
		Short: "Write sessions to a file, to keep or to read",
		Long: `export writes the sessions that are named, or those that the filters select, or all there are.

  ndjson    events, one a line, for import and for programs
  json      the same as one document, {"events":[...]}
  markdown  a transcript for people

With -o the file appears once it is complete, readable by its owner only.`,
		Example: `  sentrial export --last 7d -o week.ndjson
  sentrial export SESSION_ID --format markdown | less
  sentrial export --status error --db ./sentrial.db | jq -r 'select(.type == "error") | .error_message'`,
		RunE: a.run(a.export),
	}
	cmd.Flags().String("format", "ndjson", "ndjson, json or markdown")
	cmd.Flags().StringP("output", "o", "", "write to this file instead of stdout")
	addSessionFilters(cmd)
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = a.completeSessions()
	_ = cmd.Flags().MarkHidden("json") // a program that asks for JSON everywhere gets errors as JSON too
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(exportFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) export(cmd *cobra.Command, args []string) error {
	query, err := sessionQuery(cmd)
	if err != nil {
		return err
	}
	kind, _ := cmd.Flags().GetString("format")
	switch {
	case !slices.Contains(exportFormats, kind):
		return usage("", "--format %q: expected one of %s", kind, strings.Join(exportFormats, ", "))
	case len(args) > 0 && len(query) > 0:
		return usage("Name sessions, or filter them.", "sessions were named, and filters were given too")
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	name, _ := cmd.Flags().GetString("output")
	if err := spareStores(src.file, name); err != nil {
		return err
	}
	bar := &progress{}
	if toFile := name != "" && name != "-"; toFile || !a.stdout().Terminal { // where it would stand among what is exported
		bar = a.progress(-1, "exporting")
	}
	defer bar.done()
	return a.writeOutput(name, func(w io.Writer) error {
		out := &exporter{src: src, bar: bar, out: &countingWriter{to: w}}
		out.form = a.exportForm(kind, out.out)
		return out.run(cmd.Context(), args, query)
	})
}

// exporter writes sessions one after the other, a page at a time.
type exporter struct {
	src              source
	form             exportForm
	out              *countingWriter
	bar              *progress
	sessions, events int
}

// exportForm is how sessions are written.
type exportForm interface {
	begin(session json.RawMessage) error
	events(page []json.RawMessage) error
	end() error    // of a session
	finish() error // of the whole
}

func (x *exporter) run(ctx context.Context, ids []string, query url.Values) error {
	each := x.selected
	if len(ids) > 0 {
		each = func(ctx context.Context, _ url.Values, fn func(json.RawMessage) error) error {
			return x.named(ctx, ids, fn)
		}
	}
	if err := each(ctx, query, func(session json.RawMessage) error { return x.session(ctx, session) }); err != nil {
		return err
	}
	return x.form.finish()
}

// named reads the sessions of some ids, each once. All are looked up before the first is written: a wrong id shall cost no half a file.
func (x *exporter) named(ctx context.Context, ids []string, fn func(json.RawMessage) error) error {
	found := make([]json.RawMessage, 0, len(ids))
	seen := map[string]bool{}
	for _, id := range ids {
		session, err := x.src.Session(ctx, id)
		if err != nil {
			return err
		}
		if own, err := idOf(session); err != nil {
			return err
		} else if !seen[own] {
			seen[own] = true
			found = append(found, session)
		}
	}
	for _, session := range found {
		if err := fn(session); err != nil {
			return err
		}
	}
	return nil
}

// selected reads the sessions of a list, page after page.
func (x *exporter) selected(ctx context.Context, query url.Values, fn func(json.RawMessage) error) error {
	query.Set("limit", strconv.Itoa(sessionsPage))
	for {
		page, err := x.src.Sessions(ctx, query)
		if err != nil {
			return err
		}
		for _, session := range page.Data {
			if err := fn(session); err != nil {
				return err
			}
		}
		if page.NextCursor == "" {
			return nil
		}
		query.Set("cursor", page.NextCursor)
	}
}

// idOf is the id of a session, whatever name it was asked for by.
func idOf(session json.RawMessage) (string, error) {
	var s struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(session, &s); err != nil {
		return "", fmt.Errorf("cannot read a session: %w", err)
	}
	return s.ID, nil
}

// sessionsPage is how many sessions are held at once.
const sessionsPage = 200

func (x *exporter) session(ctx context.Context, session json.RawMessage) error {
	id, err := idOf(session)
	if err != nil {
		return err
	}
	if err := x.form.begin(session); err != nil {
		return err
	}
	query := url.Values{"limit": {strconv.Itoa(maxPage)}}
	for {
		page, err := x.src.Events(ctx, id, query)
		if err != nil {
			return err
		}
		if err := x.form.events(page.Data); err != nil {
			return err
		}
		x.events += len(page.Data)
		x.show()
		if page.NextCursor == "" {
			break
		}
		query.Set("cursor", page.NextCursor)
	}
	x.sessions++
	return x.form.end()
}

func (x *exporter) show() {
	x.bar.set(x.out.n, format.Plural(x.sessions, "session")+", "+format.Plural(x.events, "event"))
}

// countingWriter knows how much was written.
type countingWriter struct {
	to io.Writer
	n  int64
}

func (w *countingWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.n += int64(n)
	return n, err
}
