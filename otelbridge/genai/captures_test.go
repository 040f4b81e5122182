package genai_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// Spans of real clients are looked for beside the repository, for they are not part of it. What is expected of them is what the clients put into the spans.

// expectation is what a file says is in a capture.
type expectation struct {
	Truth struct {
		Tokens     classes
		Calls      int `json:"llm_calls"`
		OK         int `json:"llm_ok"`
		Failed     int `json:"llm_failed"`
		Embeddings int
		Served     []string `json:"models_served"`
		PerCall    []struct {
			ID     string
			Finish string
		} `json:"per_call"`
	}
	Seen struct {
		LLMSpans  int     `json:"llm_spans"`
		WithUsage int     `json:"llm_spans_with_usage"`
		ToolSpans int     `json:"tool_spans"`
		Origins   int     `json:"error_origins"`
		Leaf      classes `json:"leaf_tokens"`
		Sessions  [][2]string
	}
}

type classes struct{ Input, Cached, Output, Reasoning int }

// tally counts what events say.
type tally struct {
	Calls, Failed, Embeddings, Tools, Errors int
	Tokens                                   classes
	Models, Sessions, Users                  string
}

func tallyOf(all []genai.Event) (n tally) {
	models, sessions, users := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	into := make(map[string]string)
	for i := range all {
		if all[i].Into != "" {
			into[all[i].SessionID] = all[i].Into
		}
	}
	for i := range all {
		e := &all[i]
		session := e.SessionID
		if target := into[session]; target != "" {
			session = target
		}
		if !strings.HasPrefix(session, "trace_") {
			sessions[session] = true
		}
		n.count(e, models, users)
	}
	n.Models, n.Sessions, n.Users = joined(models), joined(sessions), joined(users)
	return n
}

func (n *tally) count(e *genai.Event, models, users map[string]bool) {
	switch {
	case e.LLMCall != nil && e.LLMCall.Operation == "embeddings":
		n.Embeddings++
	case e.LLMCall != nil:
		n.Calls++
		switch e.Status {
		case genai.StatusOfError:
			n.Failed++
		case genai.StatusOfSuccess:
			models[e.LLMCall.Model] = true
		}
		u := e.LLMCall.Usage
		n.Tokens.Input, n.Tokens.Cached = n.Tokens.Input+u.Input, n.Tokens.Cached+u.CacheRead
		n.Tokens.Output, n.Tokens.Reasoning = n.Tokens.Output+u.Output, n.Tokens.Reasoning+u.Reasoning
	case e.ToolCall != nil:
		n.Tools++
	case e.Failure != nil:
		n.Errors++
	case e.Session != nil && e.Session.UserID != "":
		users[e.Session.UserID] = true
	}
}

func joined(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), " ") }

// want is the tally of a capture. Calls that failed left no span in some clients; ADK's failed one is a span that says nothing.
func (x *expectation) want(name string) (n tally) {
	n = tally{Calls: x.Seen.LLMSpans, Embeddings: x.Truth.Embeddings, Tools: x.Seen.ToolSpans, Errors: x.Seen.Origins, Tokens: x.Seen.Leaf}
	n.Failed = x.Seen.LLMSpans - x.Truth.OK
	users := !strings.HasPrefix(name, "genkit") && !strings.HasPrefix(name, "vercel-ai-7") && !strings.HasPrefix(name, "google-adk")
	switch {
	case strings.HasPrefix(name, "overlap"):
		n.Calls, n.Failed, n.Tokens = x.Truth.Calls, x.Truth.Failed, x.Truth.Tokens
	case strings.HasPrefix(name, "google-adk"):
		n.Failed = 0
	}
	n.Models = strings.Join(x.Truth.Served, " ")
	switch {
	case strings.HasPrefix(name, "google-adk"):
		n.Models = "gemini-2.5-flash" // the one asked for is all that is told
	case strings.HasPrefix(name, "strands"):
		n.Models = "gpt-4o-mini"
	}
	sessions := make(map[string]bool)
	for _, s := range x.Seen.Sessions {
		sessions[s[0]] = true
	}
	n.Sessions = joined(sessions)
	if users {
		n.Users = "user-42"
	}
	return n
}

// captures gives the files of spans and what is expected of each.
func captures(t *testing.T) map[string]*expectation {
	t.Helper()
	folder := capturesFolder()
	if folder == "" {
		t.Log("left out: there are no captures of real clients beside the repository")
		return nil
	}
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]*expectation
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func capturesFolder() string {
	dir, err := os.Getwd()
	for err == nil {
		found := filepath.Join(dir, "shared", "otel")
		if _, err := os.Stat(filepath.Join(found, "expected.json")); err == nil {
			return found
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return ""
}

func TestCaptures(t *testing.T) {
	for name, expected := range captures(t) {
		t.Run(name, func(t *testing.T) {
			spans, logs := readOTLP(t, filepath.Join(capturesFolder(), "captures", name+".json"))
			want := expected.want(name)
			for way, deliver := range ways(spans, logs) {
				got := tallyOf(deliver())
				want := want
				if strings.Contains(" "+got.Models+" ", " "+want.Models+" ") { // other calls of it do not tell which model served them
					want.Models = got.Models
				}
				if strings.HasPrefix(way, "without") { // some clients name user and session on the root alone
					want.Users, want.Sessions = got.Users, got.Sessions
				}
				if got != want {
					t.Errorf("%s:\n got %+v\nwant %+v", way, got, want)
				}
			}
		})
	}
}

// ways gives the ways in which the spans of a file may come.
func ways(spans []*genai.Span, logs []*genai.Log) map[string]func() []genai.Event {
	at := func(list []*genai.Span) func() []genai.Event {
		return func() []genai.Event {
			a := genai.NewAssembler(genai.Config{})
			a.AddLogs(begin, logs...)
			a.Add(begin, list...)
			return events(a.Close(begin))
		}
	}
	all := map[string]func() []genai.Event{
		"at once": at(spans), "twice": at(slices.Concat(spans, spans)), "without roots": at(rootless(spans)), "kvlists": at(structured(spans)),
		"one by one": func() []genai.Event { return oneByOne(spans, time.Second) },
		"again":      func() []genai.Event { return oneByOne(slices.Concat(spans, spans), time.Second) },
	}
	random := rand.New(rand.NewPCG(1, 2))
	shuffled := slices.Clone(spans)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	all["shuffled"] = at(shuffled)
	all["shuffled, one by one"] = func() []genai.Event { return oneByOne(shuffled, 300*time.Millisecond) }
	return all
}

// oneByOne adds spans with a pause after each, taking what is due.
func oneByOne(spans []*genai.Span, pause time.Duration) (all []genai.Event) {
	a := genai.NewAssembler(genai.Config{Settle: time.Minute, Quiet: time.Minute, MaxWait: time.Minute})
	now := begin
	for _, s := range spans {
		a.Add(now, s)
		all = append(all, events(a.Take(now))...)
		now = now.Add(pause)
	}
	return append(all, events(a.Close(now))...)
}

// rootless leaves out the roots that are no calls of models themselves.
func rootless(spans []*genai.Span) (list []*genai.Span) {
	parents := make(map[genai.SpanID]bool)
	for _, s := range spans {
		parents[s.ParentID] = true
	}
	for _, s := range spans {
		if !s.ParentID.IsZero() || !parents[s.SpanID] {
			list = append(list, s)
		}
	}
	return list
}

// structured makes maps and lists of the JSON in attributes, as instrumentations may send them.
func structured(spans []*genai.Span) (list []*genai.Span) {
	for _, s := range spans {
		c := *s
		c.Attributes = slices.Clone(s.Attributes)
		for i, a := range c.Attributes {
			var v any
			if text, ok := a.Value.(string); ok && strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &v) == nil {
				c.Attributes[i].Value = v
			}
		}
		list = append(list, &c)
	}
	return list
}

// cut leaves the first attributes of each span, as an SDK with a limit does.
func cut(spans []*genai.Span, most int) (list []*genai.Span) {
	for _, s := range spans {
		c := *s
		if len(s.Attributes) > most {
			c.Attributes, c.Dropped = s.Attributes[:most:most], len(s.Attributes)-most
		}
		list = append(list, &c)
	}
	return list
}

// A span that lost attributes to a limit is still what it is, and says that it is not whole.
func TestCapturesCut(t *testing.T) {
	for name := range captures(t) {
		spans, _ := readOTLP(t, filepath.Join(capturesFolder(), "captures", name+".json"))
		whole := tallyOf(events(genAll(spans)))
		for _, most := range []int{128, 24} {
			all := events(genAll(cut(spans, most)))
			got := tallyOf(all)
			if got.Calls != whole.Calls || got.Tools != whole.Tools || got.Errors != whole.Errors || got.Failed != whole.Failed {
				t.Errorf("%s cut to %d:\n got %+v\nwant %+v", name, most, got, whole)
			}
			for _, s := range cut(spans, most) {
				for _, e := range all {
					if e.ID == eventID(s) && s.Dropped > 0 && e.Metadata["truncated"] != true {
						t.Errorf("%s: %s of %s is not marked: %v", name, e.Type, s.Name, e.Metadata)
					}
				}
			}
		}
	}
}
