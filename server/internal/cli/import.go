package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Store events from a file, such as one of export",
		Long: `import reads events, one JSON object a line (or a JSON document, an array or an object with one named events), compressed
with gzip or zstd or not, and stores them: on the server, or with --db in a file, which is made if it is missing.

What the store has already counts as a duplicate, so an import that broke off can simply be run again. So does what was
deleted there: it is gone for good and does not come back. A line that is no event is reported as line:N, and the rest goes
on; then the exit code is 1.`,
		Example: `  sentrial import events.ndjson --db ./sentrial.db
  sentrial export --last 7d | sentrial import - --url https://sentrial.example
  sentrial import backup.ndjson.zst --json | jq .rejected`,
		Args: exactly("FILE"),
		RunE: a.run(a.importFile),
	}
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.AddCommand(a.importOTLPCommand(), a.importHiviumCommand())
	return cmd
}

func (a *app) importFile(cmd *cobra.Command, args []string) error {
	in, size, err := a.input(args[0])
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	dst, err := a.openFor(cmd, toCreate)
	if err != nil {
		return err
	}
	defer func() { _ = dst.Close() }()
	counted := &countingReader{from: in}
	watch := &importWatch{app: a, read: counted, bar: a.progress(size, "importing"), started: time.Now()}
	sum, err := bulk.Import(cmd.Context(), counted, dst, watch)
	watch.bar.done()
	if err == nil {
		err = dst.awaitIndex(cmd.Context())
	}
	return a.concludeImport(cmd, args[0], sum, err)
}

// input opens a file, or stdin for "-"; size is -1 when it is not known.
func (a *app) input(name string) (in io.ReadCloser, size int64, err error) {
	if name == "-" {
		return io.NopCloser(a.stdin), -1, nil
	}
	f, err := os.Open(name) //nolint:gosec // the file that the user names
	if err != nil {
		return nil, 0, fmt.Errorf("cannot read the events: %w", err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		_ = f.Close()
		return nil, 0, err
	case !info.Mode().IsRegular():
		return f, -1, nil
	}
	return f, info.Size(), nil
}

// concludeImport prints how far it came, also when it came to no good end.
func (a *app) concludeImport(cmd *cobra.Command, name string, sum bulk.Summary, failure error) error {
	if err := a.printSummary(cmd, sum); err != nil {
		return err
	}
	switch {
	case failure != nil:
		if sum.Last != "" {
			_ = a.note(fmt.Sprintf("stopped after %s of %s: the same command goes on, for what is stored is known by its ids", sum.Last, console.CleanLine(name)))
		}
		return failure
	case sum.Rejected > 0:
		return &problem{exit: exitFailed, what: format.Plural(sum.Rejected, "event") + " could not be stored", hint: reasons(sum), code: "rejected"}
	}
	return nil
}

func (a *app) printSummary(cmd *cobra.Command, sum bulk.Summary) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(sum)
		if err != nil {
			return err
		}
		return a.printJSON(doc)
	}
	_, err := fmt.Fprintf(sink{a.out}, "%s accepted, %s, %s rejected\n",
		format.Plural(sum.Accepted, "event"), format.Plural(sum.Duplicates, "duplicate"), format.Count(sum.Rejected))
	return err
}

// reasons are the first rejections, one a line.
func reasons(sum bulk.Summary) string {
	var b strings.Builder
	for _, r := range sum.Reasons {
		fmt.Fprintf(&b, "%s: %s", r.At, r.Message)
		if r.ID != "" {
			fmt.Fprintf(&b, " (%s)", r.ID)
		}
		b.WriteByte('\n')
	}
	if more := sum.Rejected - len(sum.Reasons); more > 0 {
		fmt.Fprintf(&b, "and %s more\n", format.Count(more))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
