package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/transcript"
	"github.com/sentrial/sentrial-go/types"
)

func (a *app) exportForm(kind string, w *countingWriter) exportForm {
	switch kind {
	case "markdown":
		return &markdownForm{out: transcript.New(w)}
	case "json":
		return &eventsForm{out: w, before: "{\"events\":[\n", between: ",\n", after: "\n]}\n", person: a.stdout().Terminal}
	}
	return &eventsForm{out: w, between: "\n", after: "\n", person: a.stdout().Terminal}
}

// eventsForm writes events, each on a line. A session's are in the order in which the store took them, as far as they fit the memory: that is
// what another store has to see to make the same session of them.
type eventsForm struct {
	out                    io.Writer
	before, between, after string
	person                 bool // may be looking
	began                  bool
	held                   []positioned
	size                   int
	line                   bytes.Buffer
}

// positioned is an event with its place among all of the store.
type positioned struct {
	position int64
	raw      json.RawMessage
}

// maxHeld is how many bytes of a session are put in order.
const maxHeld = 32 << 20

func (f *eventsForm) begin(json.RawMessage) error { return nil }

func (f *eventsForm) events(page []json.RawMessage) error {
	for _, raw := range page {
		var e struct {
			Position int64 `json:"position"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return fmt.Errorf("cannot read an event: %w", err)
		}
		f.held = append(f.held, positioned{e.Position, raw})
		if f.size += len(raw); f.size > maxHeld {
			if err := f.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *eventsForm) end() error {
	slices.SortStableFunc(f.held, func(a, b positioned) int { return cmp.Compare(a.position, b.position) })
	for _, e := range f.held {
		if err := f.write(e.raw); err != nil {
			return err
		}
	}
	f.held, f.size = f.held[:0], 0
	return nil
}

// write puts an event on a line, each value as it came.
func (f *eventsForm) write(raw json.RawMessage) error {
	f.line.Reset()
	if f.began {
		f.line.WriteString(f.between)
	} else {
		f.line.WriteString(f.before)
	}
	f.began = true
	if err := json.Compact(&f.line, raw); err != nil {
		return err
	}
	text := f.line.Bytes()
	if f.person {
		text = console.CleanJSON(text)
	}
	_, err := f.out.Write(text)
	return err
}

func (f *eventsForm) finish() error {
	text := f.after
	if !f.began && f.before == "" {
		return nil
	}
	if !f.began {
		text = f.before + "]}\n"
	}
	_, err := io.WriteString(f.out, text)
	return err
}

// markdownForm writes transcripts.
type markdownForm struct{ out *transcript.Writer }

func (f *markdownForm) begin(raw json.RawMessage) error {
	var s types.Session
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("cannot read a session: %w", err)
	}
	return f.out.Begin(s)
}

func (f *markdownForm) events(page []json.RawMessage) error {
	for _, raw := range page {
		if err := f.out.Event(decodeEvent(raw)); err != nil {
			return err
		}
	}
	return nil
}

func (f *markdownForm) end() error    { return f.out.End() }
func (f *markdownForm) finish() error { return nil }
