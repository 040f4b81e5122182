package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func (a *app) tailCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Show events as they come",
		Long: `tail shows every event from now on, one a line, until Ctrl-C. When the connection is lost it says so once, makes it again and
goes on without a gap. With --db it watches a file that somebody else writes.`,
		Example: `  sentrial tail
  sentrial tail --session SESSION_ID --type error --type tool_call
  sentrial tail --json | jq 'select(.status == "error")'`,
		Args: cobra.NoArgs,
		RunE: a.run(a.tail),
	}
	cmd.Flags().String("session", "", "only events of this session")
	cmd.Flags().StringSlice("type", nil, "only events of this type; may be given several times")
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	_ = cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(eventTypes, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) tail(cmd *cobra.Command, _ []string) error {
	query := url.Values{}
	if session, _ := cmd.Flags().GetString("session"); session != "" {
		query.Set("session", session)
	}
	if kinds, _ := cmd.Flags().GetStringSlice("type"); len(kinds) > 0 {
		query["type"] = kinds
	}
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	t := &tailer{app: a, console: a.stdout(), asJSON: asJSON(cmd), names: newSessionNames(cmd.Context(), src)}
	return src.Follow(cmd.Context(), query, t)
}

// tailer prints what a stream brings.
type tailer struct {
	app     *app
	console console.Console
	asJSON  bool
	begun   bool
	names   *sessionNames
}

// Lost implements apiclient.Follower.
func (t *tailer) Lost(why error) { _ = t.app.note(fmt.Sprintf("%v; trying again", why)) }

// Back implements apiclient.Follower.
func (t *tailer) Back() { _ = t.app.note("connected again") }

// Message implements apiclient.Follower. Types of messages that this version does not know say nothing.
func (t *tailer) Message(m apiclient.Message) error {
	switch m.Event {
	case "session":
		t.names.learn(m.Data)
	case "event":
		if t.asJSON {
			return t.document(m.Data)
		}
		return t.line(m.Data)
	}
	return nil
}

// document prints an event as the server sent it, on a line.
func (t *tailer) document(raw []byte) error {
	var line bytes.Buffer
	if err := json.Compact(&line, raw); err != nil {
		return fmt.Errorf("the server sent malformed JSON: %w", err)
	}
	text := line.Bytes()
	if t.console.Terminal {
		text = console.CleanJSON(text)
	}
	_, err := sink{t.app.out}.Write(append(text, '\n'))
	return err
}

// line draws an event as a list of events does, with its session.
func (t *tailer) line(raw []byte) error {
	e := decodeEvent(raw)
	var id struct {
		Session string `json:"session_id"`
	}
	_ = json.Unmarshal(raw, &id)
	row := eventRow(t.console, e)
	columns := tailColumns(t.console)
	text := ""
	if !t.begun && t.console.Terminal {
		text = t.row(columns, titles(columns))
	}
	t.begun = true
	text += t.row(columns, []console.Text{row[0], t.session(id.Session, columns[1].cells), row[1], row[2], row[3], row[5]})
	_, err := sink{t.app.out}.Write([]byte(text))
	return err
}

// session is a session's id, for a person its name or else the end of the id, which differs the most.
func (t *tailer) session(id string, cells int) console.Text {
	if !t.console.Terminal {
		return console.Line(console.None, id)
	}
	if name := t.names.of(id); name != "" {
		return console.Line(console.None, name)
	}
	if len(id) > cells {
		dots := t.console.Ellipsis()
		id = dots + id[len(id)-cells+console.Cells(dots):]
	}
	return console.Line(console.Dim, id)
}
