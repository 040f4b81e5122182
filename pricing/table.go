package pricing

import (
	"cmp"
	"slices"
)

// Table is a list of prices. It does not change; every method may be called from any goroutine. A nil Table knows no model.
type Table struct {
	version, source string
	models          []*Model // by provider and name
	byName          map[string][]*Model
	found           seen
}

func newTable(version, source string, models []*Model) *Table {
	slices.SortFunc(models, func(a, b *Model) int { return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Name, b.Name)) })
	t := &Table{version: version, source: source, models: models, byName: make(map[string][]*Model, len(models))}
	for _, m := range models {
		t.byName[m.Name] = append(t.byName[m.Name], m)
	}
	return t
}

// Version names the table, such as 2026-08-23, the day its prices are of. That of a table laid over another is both, joined by +.
func (t *Table) Version() string {
	if t == nil {
		return ""
	}
	return t.version
}

// Source says where the prices are from.
func (t *Table) Source() string {
	if t == nil {
		return ""
	}
	return t.source
}

// Models are all prices, by provider and name. The slice is the caller's.
func (t *Table) Models() []Model {
	if t == nil {
		return nil
	}
	list := make([]Model, len(t.models))
	for i, m := range t.models {
		list[i] = *m
	}
	return list
}

// With lays override over t: its prices stand in place of those of the same provider and name, and one that names no provider in place of all of that name. A price is
// replaced whole: what the override does not say is unknown. Neither table changes; either may be nil.
func (t *Table) With(override *Table) *Table {
	switch {
	case override == nil:
		return t
	case t == nil:
		return override
	}
	kept := slices.DeleteFunc(slices.Clone(t.models), override.replaces)
	return newTable(t.version+"+"+override.version, joined(t.source, override.source), append(kept, override.models...))
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

func (t *Table) replaces(m *Model) bool {
	return slices.ContainsFunc(t.byName[m.Name], func(own *Model) bool { return own.Provider == "" || own.Provider == m.Provider })
}
