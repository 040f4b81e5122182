package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What a question may take at a million events: see docs/server.md.
const (
	listBudget   = 50 * time.Millisecond
	rollupBudget = 200 * time.Millisecond
)

var errOverBudget = errors.New("over budget")

// question is asked again and again, each time with other values where it has any.
type question struct {
	name   string
	budget time.Duration
	path   func(i int) string
}

// answerTimes is how long a question's answers took.
type answerTimes struct {
	Name   string  `json:"name"`
	Median float64 `json:"median_ms"`
	P95    float64 `json:"p95_ms"`
	Budget float64 `json:"budget_ms"`
	Bytes  int     `json:"bytes"` // of the last answer
}

// fillFigure is what making the database took.
type fillFigure struct {
	Events    int     `json:"events"`
	PerSecond float64 `json:"events_per_second"`
	Bytes     int64   `json:"bytes"`
}

// questionRuns fills a database, unless it is there, and asks a server over it.
func (b *bench) questionRuns(ctx context.Context) (figure *fillFigure, answers []answerTimes, err error) {
	if b.events == 0 {
		return nil, nil, nil
	}
	file := b.db
	if file == "" {
		file = filepath.Join(b.dir, "million.db")
	}
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		if figure, err = b.fillFile(ctx, file); err != nil {
			return nil, nil, err
		}
	}
	p, err := b.start(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	answers, err = b.ask(ctx, p)
	_, stopErr := p.stop()
	return figure, answers, errors.Join(err, stopErr)
}

// fillFile makes a database of all events. It gets its name when it is whole.
func (b *bench) fillFile(ctx context.Context, file string) (*fillFigure, error) {
	part := file + ".part"
	removeStore(part)
	p, err := b.start(ctx, part)
	if err != nil {
		return nil, err
	}
	b.say("storing %d events", b.events)
	took, err := p.fill(ctx, b.events, 1000)
	if err == nil {
		err = p.awaitSearch(ctx)
	}
	if _, stopErr := p.stop(); err == nil {
		err = stopErr
	}
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	return &fillFigure{Events: b.events, PerSecond: float64(b.events) / took.Seconds(), Bytes: info.Size()}, nil
}

// ask measures every question, at first once unmeasured: a server is asked many times.
func (b *bench) ask(ctx context.Context, p *process) ([]answerTimes, error) {
	questions, err := p.questions(ctx)
	if err != nil {
		return nil, err
	}
	var answers []answerTimes
	for _, q := range questions {
		b.say("asking for %s", q.name)
		a, err := p.measure(ctx, q, b.repeats)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		answers = append(answers, a)
	}
	return answers, nil
}

func (p *process) measure(ctx context.Context, q question, repeats int) (answerTimes, error) {
	a := answerTimes{Name: q.name, Budget: milliseconds(q.budget)}
	var took []time.Duration
	for i := range repeats + 1 {
		began := time.Now()
		body, err := p.get(ctx, q.path(i))
		if err != nil {
			return a, err
		}
		if i > 0 {
			took = append(took, time.Since(began))
		}
		a.Bytes = len(body)
	}
	slices.Sort(took)
	a.Median, a.P95 = milliseconds(took[len(took)/2]), milliseconds(took[len(took)*95/100])
	return a, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// questions are those of the documentation, with values that the server itself names.
func (p *process) questions(ctx context.Context) ([]question, error) {
	known, err := p.facets(ctx)
	if err != nil {
		return nil, err
	}
	sessions, err := p.someSessions(ctx)
	if err != nil {
		return nil, err
	}
	list := func(name, query string) question {
		return question{name, listBudget, func(int) string { return "/v1/sessions?" + query }}
	}
	qs := []question{
		list("the newest sessions", "limit=50"),
		list("the last week", "limit=50&since=7d"),
		{"a timeline", listBudget, func(i int) string { return "/v1/sessions/" + sessions[i%len(sessions)] + "/events?limit=1000" }},
		{"one session", listBudget, func(i int) string { return "/v1/sessions/" + sessions[i%len(sessions)] }},
	}
	for _, name := range []string{"status", "agent", "user", "model", "tool"} {
		values := known[name]
		if len(values) == 0 || len(sessions) == 0 {
			return nil, fmt.Errorf("the database has no %s or no session older than three days: give another -db, or more -events", name)
		}
		qs = append(qs, question{"filter: " + name, listBudget, func(i int) string {
			return "/v1/sessions?limit=50&" + name + "=" + url.QueryEscape(values[i%len(values)])
		}})
	}
	agents, tools := known["agent"], known["tool"]
	qs = append(qs, question{"filter: agent and tool, errors of a week", listBudget, func(i int) string {
		return "/v1/sessions?limit=50&status=error&since=7d&agent=" + url.QueryEscape(agents[i%len(agents)]) + "&tool=" + url.QueryEscape(tools[i%len(tools)])
	}})
	for _, pair := range searchWords {
		qs = append(qs, list("search: "+pair.name, "limit=50&q="+url.QueryEscape(pair.words)))
	}
	for _, by := range []string{"model", "agent", "tool"} {
		qs = append(qs, question{"sums by day and " + by, rollupBudget, func(int) string { return "/v1/rollups?interval=day&by=" + by }})
	}
	return append(qs,
		question{"sums by hour of a week", rollupBudget, func(int) string { return "/v1/rollups?interval=hour&by=model&since=7d" }},
		question{"values to filter by", rollupBudget, func(int) string { return "/v1/facets" }},
		question{"totals", rollupBudget, func(int) string { return "/v1/stats" }},
	), nil
}

// facets are the values that sessions can be chosen by, by the names of the filters.
func (p *process) facets(ctx context.Context) (map[string][]string, error) {
	body, err := p.get(ctx, "/v1/facets?limit=20")
	if err != nil {
		return nil, err
	}
	var list struct {
		Data []struct {
			Name   string
			Values []struct{ Value string }
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	known := make(map[string][]string)
	for _, f := range list.Data {
		for _, v := range f.Values {
			known[f.Name] = append(known[f.Name], v.Value)
		}
	}
	return known, nil
}

// someSessions are the ids of sessions of one day.
func (p *process) someSessions(ctx context.Context) (ids []string, err error) {
	body, err := p.get(ctx, "/v1/sessions?limit=100&until=3d")
	if err != nil {
		return nil, err
	}
	var list struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	for _, s := range list.Data {
		ids = append(ids, s.ID)
	}
	return ids, nil
}
