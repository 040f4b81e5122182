package cli

import (
	"encoding/json"
	"io"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// spanDoc is a span in the form of explain-span --json.
type spanDoc struct {
	TraceID     string           `json:"trace_id"`
	SpanID      string           `json:"span_id"`
	ParentID    string           `json:"parent_id,omitzero"`
	Name        string           `json:"name"`
	Scope       string           `json:"scope,omitzero"`
	Service     string           `json:"service,omitzero"`
	Start       time.Time        `json:"start,omitzero"`
	DurationMS  float64          `json:"duration_ms"`
	Dialects    []string         `json:"dialects"`
	Kind        string           `json:"kind"`
	Rule        string           `json:"rule,omitzero"`
	Became      []becameDoc      `json:"became"` // empty = why says why
	Why         string           `json:"why,omitzero"`
	SessionID   string           `json:"session_id,omitzero"`
	SessionFrom string           `json:"session_from,omitzero"` // "" = the trace
	Fields      []fieldSourceDoc `json:"fields"`
	Kept        []keptIn         `json:"kept"`   // attributes that an event has outside of its fields
	Unread      []string         `json:"unread"` // attributes that nothing was made of
	Copies      int              `json:"copies,omitzero"`
	Events      []types.Event    `json:"events,omitzero"`
}

type becameDoc struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type fieldSourceDoc struct {
	Field   string          `json:"field"`
	Value   json.RawMessage `json:"value"`
	Key     string          `json:"key,omitzero"`
	Dialect string          `json:"dialect,omitzero"`
}

func writeExplainedJSON(w io.Writer, list []*explainedSpan, events bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, x := range list {
		doc := x.document()
		if events {
			doc.Events = translate.Events(x.became)
		}
		if err := enc.Encode(doc); err != nil {
			return err
		}
	}
	return nil
}

func (x *explainedSpan) document() spanDoc {
	doc := spanDoc{
		TraceID: x.TraceID.String(), SpanID: x.SpanID.String(), Name: x.Name, Scope: scopeText(x.Scope), Service: x.service(), Start: x.Start,
		DurationMS: x.duration().Seconds() * 1000, Dialects: append([]string{}, x.why.Dialects...), Kind: x.why.Kind, Rule: x.why.Rule,
		Became: []becameDoc{}, Why: x.why.Why, SessionID: x.why.Session, SessionFrom: x.why.From, Fields: []fieldSourceDoc{}, Copies: x.copies,
	}
	doc.Kept, doc.Unread = x.leftovers()
	if !x.ParentID.IsZero() {
		doc.ParentID = x.ParentID.String()
	}
	for _, id := range x.why.Became {
		doc.Became = append(doc.Became, becameDoc{id, x.typeOf(id)})
	}
	for _, f := range x.why.Fields {
		doc.Fields = append(doc.Fields, fieldSourceDoc{f.Field, jsonenc.Append(nil, x.valueOf(f)), f.Key, f.Dialect})
	}
	return doc
}

// typeOf is the type of an event that the span became.
func (x *explainedSpan) typeOf(id string) string {
	for _, e := range x.became {
		if e.ID == id {
			return string(e.Type)
		}
	}
	return ""
}

func (x *explainedSpan) duration() time.Duration {
	if x.Start.IsZero() || x.End.Before(x.Start) {
		return 0
	}
	return x.End.Sub(x.Start)
}

// eventText is an event as it would travel, indented.
func eventText(e genai.Event) (string, error) {
	doc, err := json.MarshalIndent(translate.Event(e), "", "  ")
	return string(doc), err
}
