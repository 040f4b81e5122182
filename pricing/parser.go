package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// parser reads one table, token by token, so that an error can name its line.
type parser struct {
	data         []byte
	in           *json.Decoder
	model, field string // where it is, for errors
	names        map[[2]string]bool

	version, source string
	models          []*Model
}

func newParser(data []byte) *parser {
	p := &parser{data: data, in: json.NewDecoder(bytes.NewReader(data)), names: make(map[[2]string]bool)}
	p.in.UseNumber()
	return p
}

func (p *parser) read() error {
	if err := p.object(p.tableField, "models"); err != nil {
		return err
	}
	if _, err := p.in.Token(); !errors.Is(err, io.EOF) {
		return p.wrong("want nothing after the table")
	}
	return nil
}

func (p *parser) tableField(name string) error {
	switch name {
	case "version":
		return p.text(&p.version)
	case "source":
		return p.line(&p.source, maxNotes)
	case "licence":
		return p.line(new(string), maxNotes)
	case "unit":
		var given string
		if err := p.text(&given); err != nil || given == unit {
			return err
		}
		return p.wrong("want " + unit)
	case "models":
		return p.list(p.entry)
	}
	return p.wrong("no such field; a table has version, unit, source, licence and models")
}

// entry reads one model.
func (p *parser) entry() error {
	m := &Model{}
	defer func() { p.model = "" }()
	if err := p.object(func(name string) error { return p.modelField(m, name) }, "model", "input", "output"); err != nil {
		return err
	}
	m.Provider = providerOf(m.Provider)
	name := [2]string{m.Provider, m.Name}
	if p.names[name] {
		return p.wrong("the model is listed twice for one provider")
	}
	p.names[name] = true
	if p.models = append(p.models, m); len(p.models) > maxModels {
		return p.wrong("want at most 100000 models")
	}
	return nil
}

func (p *parser) modelField(m *Model, name string) error {
	switch name {
	case "model":
		err := p.text(&m.Name)
		if p.model = m.Name; err == nil && m.Name == "" {
			return p.wrong("want a name")
		}
		return err
	case "provider":
		return p.text(&m.Provider)
	case "deprecated":
		return p.date(&m.Deprecated)
	case "input":
		return p.rate(&m.Input)
	case "output":
		return p.rate(&m.Output)
	case "cache_read":
		return p.rate(&m.CacheRead)
	case "cache_write":
		return p.rate(&m.CacheWrite)
	case "reasoning":
		return p.rate(&m.Reasoning)
	}
	return p.wrong("no such field; a model has model, provider, input, output, cache_read, cache_write, reasoning and deprecated")
}

// object reads an object, each of whose fields comes once; those of required must be there.
func (p *parser) object(field func(name string) error, required ...string) error {
	if err := p.delimiter('{'); err != nil {
		return err
	}
	var given []string
	for p.in.More() {
		name, err := p.token()
		if err != nil {
			return err
		}
		p.field, _ = name.(string)
		if slices.Contains(given, p.field) {
			return p.wrong("the field is there twice")
		}
		given = append(given, p.field)
		if err := field(p.field); err != nil {
			return err
		}
	}
	p.field = ""
	if err := p.delimiter('}'); err != nil {
		return err
	}
	for _, name := range required {
		if p.field = name; !slices.Contains(given, name) {
			return p.wrong("the field is missing")
		}
	}
	p.field = ""
	return nil
}

func (p *parser) list(element func() error) error {
	if err := p.delimiter('['); err != nil {
		return err
	}
	for p.in.More() {
		p.field = ""
		if err := element(); err != nil {
			return err
		}
	}
	return p.delimiter(']')
}

// text reads a name or the like.
func (p *parser) text(to *string) error { return p.line(to, maxName) }

// line reads a string; null is "".
func (p *parser) line(to *string, most int) error {
	t, err := p.token()
	if err != nil || t == nil {
		return err
	}
	s, ok := t.(string)
	if !ok || len(s) > most || strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) {
		return p.wrong(fmt.Sprintf("want a text of at most %d bytes on one line, without blanks around it", most))
	}
	*to = s
	return nil
}

func (p *parser) date(to *string) error {
	if err := p.text(to); err != nil || *to == "" || isDay(*to) {
		return err
	}
	return p.wrong("want a day such as 2026-08-23")
}

// rate reads a price; null is unknown.
func (p *parser) rate(to *Rate) error {
	t, err := p.token()
	if err != nil || t == nil {
		return err
	}
	number, _ := t.(json.Number)
	r, problem := parseRate(number.String())
	if problem != "" {
		return p.wrong(problem)
	}
	*to = r
	return nil
}

func (p *parser) delimiter(want json.Delim) error {
	t, err := p.token()
	if err == nil && t != want {
		return p.wrong("want " + want.String())
	}
	return err
}

func (p *parser) token() (json.Token, error) {
	t, err := p.in.Token()
	if err == nil {
		return t, nil
	}
	failure := p.wrong("this is no JSON: " + err.Error())
	failure.Err = err
	return nil, failure
}

func (p *parser) wrong(say string) *ParseError {
	line := bytes.Count(p.data[:p.in.InputOffset()], []byte("\n")) + 1
	return &ParseError{Line: line, Model: p.model, Field: p.field, Say: say}
}
