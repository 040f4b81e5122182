package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// Exit codes of the command.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitAuth        = 4
	exitUnreachable = 5
	exitInterrupted = 130
)

// codeNames are the error codes of --json, for errors that the API did not name.
var codeNames = map[int]string{
	exitFailed:      "failed",
	exitUsage:       "usage",
	exitNotFound:    "not_found",
	exitAuth:        "auth",
	exitUnreachable: "unreachable",
	exitInterrupted: "interrupted",
}

// problem is an error on its way to the user: what is wrong, and what to do about it.
type problem struct {
	exit int
	what string
	hint string // "" = nothing to advise
	code string // the API's, "" = the name of exit
	err  error
}

func (p *problem) Error() string { return p.what }
func (p *problem) Unwrap() error { return p.err }

// usage is a problem with the arguments.
func usage(hint, format string, args ...any) error {
	return &problem{exit: exitUsage, what: fmt.Sprintf(format, args...), hint: hint}
}

// exit reports err, if there is one to report, and returns the exit code.
func (a *app) exit(ctx context.Context, err error) int {
	switch {
	case err == nil || brokenPipe(err):
		return exitOK
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	p := a.explain(err)
	a.report(p)
	return p.exit
}

// report prints p to stderr, as JSON where data would have been JSON.
func (a *app) report(p *problem) {
	if a.asJSON {
		a.reportJSON(p)
		return
	}
	c := a.stderr()
	text := c.Paint(console.Red, "sentrial:") + " " + strings.TrimSpace(console.CleanBlock(p.what)) + "\n"
	if p.hint != "" {
		text += console.CleanBlock(p.hint) + "\n"
	}
	_, _ = fmt.Fprint(a.err, text)
}

func (a *app) reportJSON(p *problem) {
	type body struct {
		Code     string `json:"code"`
		Message  string `json:"message"`
		Hint     string `json:"hint,omitzero"`
		ExitCode int    `json:"exit_code"`
	}
	code := p.code
	if code == "" {
		code = codeNames[p.exit]
	}
	doc, _ := json.Marshal(map[string]body{"error": {code, strings.TrimSpace(p.what), p.hint, p.exit}})
	_, _ = fmt.Fprintf(a.err, "%s\n", console.CleanJSON(doc))
}

// explain finds the exit code and the advice for err.
func (a *app) explain(err error) *problem {
	var (
		known   *problem
		api     *apiclient.Error
		network *apiclient.UnreachableError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &api):
		return explainAPI(api)
	case errors.As(err, &network):
		return &problem{exit: exitUnreachable, what: err.Error(), err: err, hint: "Start a server with `sentrial serve`, " +
			"name another with --url or SENTRIAL_API_URL, or read a store's file with --db FILE."}
	case !a.started:
		return &problem{exit: exitUsage, what: err.Error(), err: err, hint: "See `sentrial --help`, or --help after any command."}
	case errors.Is(err, fs.ErrNotExist):
		return &problem{exit: exitNotFound, what: err.Error(), err: err}
	}
	return &problem{exit: exitFailed, what: err.Error(), err: err}
}

// keyHints are for those who are turned away for something else than a wrong key.
var keyHints = map[string]string{
	"insufficient_scope": "Another key may do that, given with --api-key or SENTRIAL_API_KEY; `sentrial keys create --scope SCOPE` makes one. " +
		"A key is of one project: check --project and SENTRIAL_PROJECT_ID.",
	"forbidden_host":   "Name the server by its address with --url, or start it with --allow-host and the name used here.",
	"forbidden_origin": "The server takes no requests on behalf of web pages; ask it without a browser.",
}

func explainAPI(api *apiclient.Error) *problem {
	p := &problem{exit: exitFailed, what: api.Error(), code: api.Code, err: api}
	switch api.Status {
	case http.StatusBadRequest:
		p.exit = exitUsage
	case http.StatusUnauthorized, http.StatusForbidden:
		p.exit = exitAuth
		p.hint = keyHints[api.Code]
		if p.hint == "" {
			p.hint = "Give a key with --api-key or SENTRIAL_API_KEY, and its project with --project or SENTRIAL_PROJECT_ID."
		}
	case http.StatusNotFound:
		p.exit = exitNotFound
		p.hint = "`sentrial sessions list` shows what is there; --project looks into another project."
	case http.StatusTooManyRequests:
		p.hint = "Wait a minute; `sentrial serve --rate-limit N` allows more."
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		p.exit = exitUnreachable
		p.hint = "The server is there and cannot answer now; try again in a moment."
	}
	return p
}

// noSuchCommand refuses arguments where a command was expected, and suggests what may have been meant.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = max(cmd.SuggestionsMinimumDistance, 2)
	hint := "`" + cmd.CommandPath() + " --help` lists the commands."
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "Did you mean `" + cmd.CommandPath() + " " + strings.Join(near, "` or `"+cmd.CommandPath()+" ") + "`?"
	}
	return usage(hint, "there is no command %q in `%s`", args[0], cmd.CommandPath())
}

// wrongFlag is an error about a flag, unless it is one of a command that there is not: then that is what is wrong.
func wrongFlag(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() && cmd.Args != nil {
		if wrong := cmd.Args(cmd, cmd.Flags().Args()); wrong != nil {
			return wrong
		}
	}
	return err
}
