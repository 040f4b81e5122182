package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func (a *app) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find out why something does not work",
		Long: `doctor looks at the settings, the way to the server, the server, the key, the clock, the spool and with --db the store's file,
and says what to do about each thing that is not right. It records nothing, leaves nothing behind, and shows no more of a
key than lists of keys do.

Exit codes: 0 all is well or nearly, 5 the server cannot be reached, 4 the key is not accepted, 1 something else is wrong.`,
		Example: `  sentrial doctor
  sentrial doctor --url https://sentrial.example --json
  sentrial doctor --db ./sentrial.db`,
		Args: cobra.NoArgs,
		RunE: a.run(a.doctor),
	}
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	return cmd
}

// doctorPatience is how long one check may take.
const doctorPatience = 10 * time.Second

// verdict of a check.
type verdict string

const (
	well    verdict = "ok"
	doubt   verdict = "warn"
	failed  verdict = "fail"
	skipped verdict = "skip"
)

// finding is what a check came to, in the form of --json.
type finding struct {
	Name    string  `json:"name"`
	Verdict verdict `json:"status"`
	Detail  string  `json:"detail"`
	Hint    string  `json:"hint,omitzero"`

	exit int // of a failure, 0 = exitFailed
}

// examination is a run of doctor.
type examination struct {
	app    *app
	cmd    *cobra.Command
	client *apiclient.Client // nil with a file, or when the URL is none
	file   string
	report func(finding)
	exits  map[int]bool
	ended  bool // what comes next makes no sense any more

	unusable error // why there is no client

	health  health
	headers apiclient.Reply // of the API's last answer
}

// examinations are the checks in their order.
var examinations = []struct {
	name  string
	check func(*examination, context.Context) finding
	needs bool // a server that answers
}{
	{"configuration", (*examination).configuration, false},
	{"environment", (*examination).environment, false},
	{"sdk", (*examination).sdk, false},
	{"name", (*examination).resolves, true},
	{"connection", (*examination).connects, true},
	{"server", (*examination).answers, true},
	{"protocol", (*examination).speaks, true},
	{"clock", (*examination).clock, true},
	{"key", (*examination).key, true},
	{"limits", (*examination).limits, true},
	{"rate limit", (*examination).rateLimit, true},
	{"spool", (*examination).spool, false},
	{"store", (*examination).store, false},
}

func (a *app) doctor(cmd *cobra.Command, _ []string) error {
	x := &examination{app: a, cmd: cmd, exits: map[int]bool{}}
	all := []finding{}
	x.report = func(f finding) { all = append(all, f) }
	if !asJSON(cmd) {
		x.report = func(f finding) { all = append(all, f); a.printFinding(f) }
	}
	if err := x.prepare(); err != nil {
		return err
	}
	for _, e := range examinations {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		x.run(e.name, e.check, e.needs)
	}
	return a.concludeDoctor(cmd, all, x.exit())
}

// prepare finds out what is to be examined.
func (x *examination) prepare() (err error) {
	if x.file, err = x.app.storeFile(x.cmd); err != nil || x.file != "" {
		return err
	}
	cfg := x.app.clientConfig(x.cmd)
	cfg.APIKey, cfg.Timeout = x.app.serverKey(x.cmd), doctorPatience
	x.client, x.unusable = apiclient.New(cfg)
	return nil
}

func (x *examination) run(name string, check func(*examination, context.Context) finding, needs bool) {
	f := finding{Verdict: skipped}
	switch {
	case needs && x.file != "":
		f.Detail = "a file is read, no server is asked"
	case needs && x.ended:
		f.Detail = "see above"
	default:
		ctx, cancel := context.WithTimeout(x.cmd.Context(), doctorPatience)
		f = check(x, ctx)
		cancel()
	}
	if f.Verdict == failed {
		if f.exit == 0 {
			f.exit = exitFailed
		}
		x.exits[f.exit] = true
		x.ended = x.ended || f.exit == exitUnreachable
	}
	f.Name = name
	x.report(f)
}

// exit is the code for the worst that was found.
func (x *examination) exit() int {
	for _, code := range []int{exitUnreachable, exitAuth, exitFailed} {
		if x.exits[code] {
			return code
		}
	}
	return exitOK
}

// marks are how verdicts look.
var marks = map[verdict]struct {
	symbol string
	style  console.Style
}{well: {"✓", console.Green}, doubt: {"!", console.Yellow}, failed: {"✗", console.Red}, skipped: {"-", console.Dim}}

func (a *app) printFinding(f finding) {
	c := a.stdout()
	mark := marks[f.Verdict]
	if !c.Unicode {
		mark.symbol = fmt.Sprintf("%-4s", f.Verdict)
	}
	style := console.None
	if f.Verdict == skipped {
		style = console.Dim
	}
	text := c.Paint(mark.style, mark.symbol) + " " + c.Paint(console.Bold, fmt.Sprintf("%-13s", f.Name)) + " " + c.Paint(style, console.CleanLine(f.Detail)) + "\n"
	if f.Hint != "" {
		text += strings.Repeat(" ", console.Cells(mark.symbol)+15) + c.Paint(mark.style, console.CleanLine(f.Hint)) + "\n"
	}
	_, _ = sink{a.out}.Write([]byte(text))
}

// concludeDoctor ends with the code. The findings have said everything already.
func (a *app) concludeDoctor(cmd *cobra.Command, all []finding, code int) error {
	if asJSON(cmd) {
		doc, err := json.Marshal(map[string]any{"ok": code == exitOK, "exit_code": code, "checks": all})
		if err == nil {
			err = a.printJSON(doc)
		}
		if err != nil {
			return err
		}
	}
	if code == exitOK {
		return nil
	}
	wrong := 0
	for _, f := range all {
		if f.Verdict == failed {
			wrong++
		}
	}
	return &problem{exit: code, what: fmt.Sprintf("%d of %d checks failed", wrong, len(all))}
}
