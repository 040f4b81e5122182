package cli

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

func (a *app) explainSpanCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain-span FILE...",
		Short: "Tell what becomes of each span in OTLP files, and why",
		Long: `explain-span reads the files that "sentrial import otlp" reads and says of each span which events it becomes, or why none; the rule that told what
kind of span it is; the dialects that it speaks; which attribute named its session; and for each field of the event the value and the attribute that it came
from. At the end are the attributes that nothing read. It needs no server and stores nothing.

With --json each span is one JSON object on a line, with whole values.`,
		Example: `  sentrial explain-span traces.json
  sentrial explain-span traces.json --span 00f067aa0ba902b7 --events
  sentrial explain-span *.json --json | jq 'select(.became == []) | {name, why}'`,
		Annotations: map[string]string{unconfigured: "it asks nobody"},
		Args:        otlpNames,
		RunE:        a.run(a.explainSpans),
	}
	f := cmd.Flags()
	f.String("span", "", "only the span with this id, or whose id begins so")
	f.String("trace", "", "only the trace with this id, or whose id begins so")
	f.Bool("events", false, "also print the events")
	f.Bool("json", false, "print one JSON object a line")
	addGeneric(cmd)
	for _, flag := range []string{"span", "trace"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, a.completeSpans(flag))
	}
	return cmd
}

// wanted says which spans to tell of.
type wanted struct{ span, trace string }

var idBegin = regexp.MustCompile(`^[0-9a-f]*$`)

func wantedOf(cmd *cobra.Command) (w wanted, err error) {
	for flag, to := range map[string]*string{"span": &w.span, "trace": &w.trace} {
		text, _ := cmd.Flags().GetString(flag)
		if *to = strings.ToLower(text); !idBegin.MatchString(*to) {
			return w, usage("", "--%s %q: expected hexadecimal digits", flag, text)
		}
	}
	return w, nil
}

func (w wanted) has(s *genai.Span) bool {
	return strings.HasPrefix(s.SpanID.String(), w.span) && strings.HasPrefix(s.TraceID.String(), w.trace)
}

func (a *app) explainSpans(cmd *cobra.Command, args []string) error {
	want, err := wantedOf(cmd)
	if err != nil {
		return err
	}
	size, err := sizeOf(args)
	if err != nil {
		return err
	}
	files := a.otlpFiles(args)
	bar := a.progress(size, "reading")
	traces, err := explainAll(files, genai.Config{Generic: isGeneric(cmd)}, a.now(), func() error {
		bar.set(files.read.n.Load(), format.Plural(files.found.Spans, "span"))
		return cmd.Context().Err()
	})
	bar.done()
	if err != nil {
		return err
	}
	if len(traces) == 0 && files.found.problem() == nil {
		_ = a.note("there are no spans in what was read")
	}
	return errors.Join(a.printExplained(cmd, traces, want), files.found.failure())
}

// printExplained prints what is wanted, or says that it is not there.
func (a *app) printExplained(cmd *cobra.Command, traces []*tracedSpans, want wanted) error {
	withEvents, _ := cmd.Flags().GetBool("events")
	shown := 0
	err := buffered(sink{a.out}, func(w io.Writer) error {
		for _, t := range traces {
			list := t.chosen(want)
			shown += len(list)
			if len(list) == 0 {
				continue
			}
			if asJSON(cmd) {
				if err := writeExplainedJSON(w, list, withEvents); err != nil {
					return err
				}
				continue
			}
			d := explainDrawing{out: w, console: a.stdout(), events: withEvents, alone: want.span != ""}
			d.trace(t, list)
		}
		return nil
	})
	if err == nil && shown == 0 && want != (wanted{}) {
		return &problem{exit: exitNotFound, what: "there is no such span in what was read", hint: "Without --span and --trace all of them are shown."}
	}
	return err
}
