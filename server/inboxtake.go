package server

import (
	"maps"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/otlp"
	"github.com/sentrial/sentrial-go/server/store"
)

// given is what one trace became, and the requests that it came in.
type given struct {
	project  string
	traceID  genai.TraceID
	trace    *openTrace
	released []genai.Event
}

// take returns the traces that are due, in no order. Reading spans takes time, so requests may come in between two projects.
func (in *inbox) take(now time.Time) (all []*given) {
	for _, project := range in.due(now) {
		all = append(all, in.takeDue(project, now)...)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	return append(all, in.sweep(now)...)
}

// due are the projects of which something is due.
func (in *inbox) due(now time.Time) (projects []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for project, a := range in.projects {
		if at, some := a.Next(); some && !at.After(now) {
			projects = append(projects, project)
		}
	}
	return projects
}

func (in *inbox) takeDue(project string, now time.Time) []*given {
	in.mu.Lock()
	defer in.mu.Unlock()
	a := in.projects[project]
	if a == nil { // a fault took it away meanwhile
		return nil
	}
	return in.takeFrom(project, func() []genai.Released { return a.Take(now) })
}

// takeFrom takes from the assembler of a project.
func (in *inbox) takeFrom(project string, take func() []genai.Released) (all []*given) {
	a := in.projects[project]
	in.sparing(project, nil, func() {
		for _, r := range take() {
			all = append(all, a.give(project, r))
		}
	})
	return all
}

const (
	// sweepEvery is how often it is looked for what came to nothing.
	sweepEvery = time.Second
	// rememberFor is how long the traces of a project are remembered whose sessions have all ended, for spans that come late.
	rememberFor = time.Hour
)

// sweep returns the traces that meant nothing to their assembler: what it was given longer than MaxWait ago it has given away.
func (in *inbox) sweep(now time.Time) (all []*given) {
	if now.Sub(in.swept) < sweepEvery {
		return nil
	}
	in.swept = now
	for project, a := range in.projects {
		if len(a.open) == 0 && a.Held() == 0 && now.Sub(a.used) > in.cfg.SessionIdle+rememberFor {
			delete(in.projects, project)
		}
		for id, t := range a.open {
			if !t.added.Add(in.cfg.MaxWait).After(now) {
				all = append(all, a.give(project, genai.Released{TraceID: id}))
			}
		}
	}
	return all
}

// takeComplete returns at the end of a process what is complete, and of projects of which nothing is held what their assemblers still have to say.
func (in *inbox) takeComplete(now time.Time) []*given {
	all := in.take(now.Add(max(in.cfg.Settle, 0)))
	in.mu.Lock()
	defer in.mu.Unlock()
	for project, a := range in.projects {
		if a.Held() > 0 {
			continue
		}
		all = append(all, in.takeFrom(project, func() []genai.Released { return a.TakeAll(now) })...)
	}
	return all
}

func (a *assembly) give(project string, r genai.Released) *given {
	t := a.open[r.TraceID]
	delete(a.open, r.TraceID)
	if t == nil { // what came of it was given before
		t = &openTrace{}
	}
	return &given{project: project, traceID: r.TraceID, trace: t, released: r.Events}
}

// sourceOf is the program that an event is from.
func (g *given) sourceOf(e *genai.Event) otlp.Source { return g.trace.sourceOf(e.SpanID) }

// next is when something will be due; false means when something comes.
func (in *inbox) next() (first time.Time, some bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	sooner := func(at time.Time) {
		if !some || at.Before(first) {
			first, some = at, true
		}
	}
	for _, a := range in.projects {
		if at, ok := a.Next(); ok {
			sooner(at)
		}
		if len(a.open) > 0 {
			sooner(in.swept.Add(sweepEvery))
		}
	}
	return first, some
}

// settlement is what the store is to be told of requests.
type settlement struct {
	done  map[*kept]bool
	parts []store.InboxPart
}

// settle adds a trace whose events are committed.
func (in *inbox) settle(g *given, to *settlement) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, k := range g.trace.requests {
		if k.open--; k.open == 0 {
			to.done[k] = true
		} else {
			to.parts = append(to.parts, store.InboxPart{ID: k.id, Part: g.traceID[:]})
		}
	}
}

// ids are those of the requests of which nothing is left to do.
func (s *settlement) ids() (ids []int64) {
	for k := range maps.Keys(s.done) {
		ids = append(ids, k.id)
	}
	return ids
}

// forget gives back what requests held that the store has removed.
func (in *inbox) forget(s *settlement) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for k := range s.done {
		in.held -= k.size
	}
}
