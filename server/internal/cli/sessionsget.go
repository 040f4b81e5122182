package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/timeline"
	"github.com/sentrial/sentrial-go/types"
)

func (a *app) sessionsGetCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "get SESSION_ID",
		Short: "Draw one session as a timeline",
		Long: `get draws a session: who ran and how it ended, then every event below the one it happened in, with a bar that
shows when it ran and how long, then the result.`,
		Example: `  sentrial sessions get SESSION_ID
  sentrial sessions get SESSION_ID --full | less
  sentrial sessions get SESSION_ID --db ./sentrial.db --json | jq '.events[].type'`,
		Args: exactly("SESSION_ID"),
		RunE: a.run(a.getSession),
	}
	cmd.Flags().Bool("full", false, "whole inputs, outputs, messages and stack traces")
	cmd.Flags().Bool("ascii", false, "no blocks and symbols, as when piped")
	addSource(cmd)
	a.completeFlags(cmd)
	cmd.ValidArgsFunction = a.completeOneSession()
	return cmd
}

// exactly takes one argument and names it when it is missing.
func exactly(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && args[0] != "" {
			return nil
		}
		return usage("Usage: "+cmd.UseLine(), "expected one %s, got %d arguments", name, len(args))
	}
}

func (a *app) getSession(cmd *cobra.Command, args []string) error {
	src, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	got, err := readSession(cmd.Context(), src.Client, args[0])
	if err != nil {
		return err
	}
	if asJSON(cmd) {
		return a.printJSON(got.document())
	}
	opts := a.drawing()
	opts.Full, _ = cmd.Flags().GetBool("full")
	if plain, _ := cmd.Flags().GetBool("ascii"); plain {
		opts.Console = opts.Console.ASCII()
	}
	return a.draw(got, opts)
}

// recorded is a session and its events as the API sent them.
type recorded struct {
	session json.RawMessage
	events  []json.RawMessage
}

// readSession reads a session and all pages of its events.
func readSession(ctx context.Context, client *apiclient.Client, id string) (recorded, error) {
	session, err := client.Session(ctx, id)
	if err != nil {
		return recorded{}, err
	}
	got := recorded{session: session}
	query := url.Values{"limit": {strconv.Itoa(maxPage)}}
	for {
		page, err := client.Events(ctx, id, query)
		if err != nil {
			return recorded{}, err
		}
		got.events = append(got.events, page.Data...)
		if page.NextCursor == "" {
			return got, nil
		}
		query.Set("cursor", page.NextCursor)
	}
}

func (r recorded) document() []byte {
	doc := append([]byte(`{"session":`), r.session...)
	doc = append(append(doc, `,"events":`...), array(r.events)...)
	return append(doc, '}')
}

// view decodes what was read.
func (r recorded) view() (timeline.View, error) {
	v := timeline.View{Events: make([]types.Event, 0, len(r.events))}
	if err := json.Unmarshal(r.session, &v.Session); err != nil {
		return v, fmt.Errorf("cannot read the session: %w", err)
	}
	for _, raw := range r.events {
		v.Events = append(v.Events, decodeEvent(raw))
	}
	return v, nil
}

// decodeEvent reads an event. One that does not fit what we know of its type is still shown, as its fields.
func decodeEvent(raw json.RawMessage) types.Event {
	var e types.Event
	if err := json.Unmarshal(raw, &e); err == nil {
		presumeRecoverable(e.Error, raw)
		return e
	}
	var envelope struct {
		ID        string          `json:"id"`
		Type      types.EventType `json:"type"`
		ParentID  string          `json:"parent_id"`
		Timestamp time.Time       `json:"timestamp"`
		Status    types.Status    `json:"status"`
	}
	_ = json.Unmarshal(raw, &envelope)
	return types.Event{
		ID: envelope.ID, Type: envelope.Type, ParentID: envelope.ParentID,
		Timestamp: envelope.Timestamp, Status: envelope.Status, Raw: raw,
	}
}

// presumeRecoverable takes an error for recoverable unless it says that it is not: package types cannot tell false from nothing said.
func presumeRecoverable(e *types.ErrorEvent, raw json.RawMessage) {
	if e == nil || e.Recoverable {
		return
	}
	var said struct {
		Recoverable *bool `json:"recoverable"`
	}
	e.Recoverable = json.Unmarshal(raw, &said) == nil && said.Recoverable == nil
}

// drawing is how a timeline looks on this stdout: relative times and local ones are for people.
func (a *app) drawing() timeline.Options {
	opts := timeline.Options{Console: a.stdout()}
	if opts.Console.Terminal {
		opts.Now, opts.Location = a.now(), time.Local
	}
	return opts
}

func (a *app) draw(got recorded, opts timeline.Options) error {
	v, err := got.view()
	if err != nil {
		return err
	}
	return timeline.Draw(sink{a.out}, v, opts)
}
