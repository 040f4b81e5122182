package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// telling gives an event a text, somewhere inside it.
func telling(text string) func(*store.Event) {
	return func(e *store.Event) {
		inside, err := json.Marshal(map[string]any{"list": []any{text, 4711, 1.5}})
		if err != nil {
			panic(err) // a text
		}
		e.Raw = fmt.Appendf(nil, `{"id":%q,"type":%q,"session_id":%q,"seq":815,"duration_ms":99,"tool_input":%s}`, e.ID, e.Type, e.SessionID, inside)
	}
}

// found returns the ids of the sessions that have the words of text, once everything is indexed.
func (f *fixture) found(text string) string {
	f.t.Helper()
	f.waitIndexed()
	return sessionIDs(f.sessions(store.SessionQuery{Text: text}))
}

func (f *fixture) waitIndexed() {
	f.t.Helper()
	if err := f.WaitIndexed(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	if n, err := f.Unindexed(f.t.Context()); n != 0 || err != nil {
		f.t.Fatalf("%d events are not indexed (%v)", n, err)
	}
}

func searchFindsWords(t *testing.T, f *fixture) {
	f.ingest(
		event(types.EventToolCall, "evt_a", 1, in("a"), telling("Please reset\nmy PASSWORD, it's for Crème-brûlée_shop")),
		event(types.EventStep, "evt_b", 2, in("a"), telling("日本語のメール")),
		event(types.EventStep, "evt_c", 3, in("b"), telling("The passwords were lost; Straße 12, ПРИВЕТ \u212bngstr\u00f6m cafe\u0301")),
	)
	f.ingest(event(types.EventStep, "evt_d", 4, in("a"), telling("another event of the same session")))
	for text, want := range map[string]string{
		"password":               "b a", // which begins passwords
		"passwords":              "b",
		"PassWord RESET":         "a",
		"reset same":             "a", // in two events, indexed apart
		"reset lost":             "",
		"pass":                   "b a",
		"assword":                "",
		"it":                     "a", // as in it's, and not as in items
		"th":                     "",
		"the":                    "b a",
		"creme BRULEE":           "a",
		"crème-brûlée":           "a",
		"straße":                 "b",
		"привет":                 "b",
		"Привет ångström café":   "b",
		"日本":                     "a",
		"本語":                     "a",
		"日本語":                    "a",
		"語":                      "a",
		"ル":                      "a",
		"本日":                     "",
		"メール":                    "a",
		"4711":                   "b a",
		"815":                    "",
		"99":                     "",
		"tool_input":             "",
		"list":                   "",
		"evt_a":                  "",
		"a":                      "a", // its id
		" b ":                    "b",
		"step":                   "",
		"nowhere":                "",
		"password nowhere":       "",
		"12":                     "b",
		"password pass password": "b a",
	} {
		if got := f.found(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func searchFindsSessionFields(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionStart, "e1", 0, saying(func(c *store.Change) {
		c.Name, c.AgentName, c.UserID, c.ConversationID = "Refund request", "support-agent", "user_42", "conv.7"
	})))
	f.ingest(event(types.EventSessionEnd, "e2", 1, saying(func(c *store.Change) { c.Summary = "money sent back" })), event(types.EventStep, "e3", 2, in("s2")))
	for _, text := range []string{"refund", "support-agent", "user_42", "conv.7", "money", "refund agent 42 back", "s1"} {
		want(t, text, f.found(text), "s1")
	}
}

func searchFindsWhatReplaced(t *testing.T, f *fixture) {
	f.ingest(event(types.EventToolCall, "e1", 0, status(types.StatusRunning), telling("begun")))
	want(t, "the running event", f.found("begun"), "s1")
	f.ingest(event(types.EventToolCall, "e1", 0, status(types.StatusSuccess), telling("begun and finished")))
	want(t, "the final one", f.found("finished"), "s1")
	f.ingest(event(types.EventToolCall, "e1", 0, status(types.StatusSuccess), telling("repeated")))
	want(t, "a duplicate", f.found("repeated"), "")
}

func searchIsOneOfTheFilters(t *testing.T, f *fixture) {
	for i, id := range []string{"a", "b", "c", "d"} {
		f.ingest(
			event(types.EventSessionStart, "start"+id, i, in(id), saying(func(c *store.Change) { c.AgentName = []string{"support", "sales"}[i%2] })),
			event(types.EventToolCall, "tool"+id, i, in(id), telling("lamp "+[]string{"blue", "red", "red", "blue"}[i]), func(e *store.Event) { e.ToolName = "t" + id }),
			event(types.EventLLMCall, "llm"+id, i, in(id), func(e *store.Event) { e.Model = "gpt" }),
		)
	}
	f.ingest(event(types.EventSessionEnd, "end", 9, in("d"), status(types.StatusSuccess)))
	f.waitIndexed()
	created := f.session("b").CreatedAt
	for _, c := range []struct {
		q    store.SessionQuery
		want string
	}{
		{store.SessionQuery{Text: "lamp"}, "d c b a"},
		{store.SessionQuery{Text: "lamp blue"}, "d a"},
		{store.SessionQuery{Text: "lamp", Agent: "support"}, "c a"},
		{store.SessionQuery{Text: "red", Agent: "support"}, "c"},
		{store.SessionQuery{Text: "lamp", Tool: "tb"}, "b"},
		{store.SessionQuery{Text: "lamp", Model: "gpt", Status: types.StatusActive}, "c b a"},
		{store.SessionQuery{Text: "lamp", Status: types.StatusSuccess}, "d"},
		{store.SessionQuery{Text: "lamp", Since: created}, "d c b"},
		{store.SessionQuery{Text: "lamp", Until: created}, "a"},
		{store.SessionQuery{Text: "lamp", User: "none"}, ""},
		{store.SessionQuery{Text: "d", Agent: "sales"}, "d"},
		{store.SessionQuery{Text: "d", Agent: "support"}, ""},
		{store.SessionQuery{Text: " \t"}, "d c b a"},
	} {
		want(t, fmt.Sprintf("%+v", c.q), sessionIDs(f.sessions(c.q)), c.want)
	}
}

// searchTakesTextLiterally tries what means something to a query language.
func searchTakesTextLiterally(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0, telling("near or and not words column")), event(types.EventStep, "e2", 0, in("s2"), telling("other")))
	marks := []string{`"`, `*`, `(`, `)`, `-`, `^`, `:`, `'`, `%`, `_`, `\`, "\x00", `{`, `}`, `+`, `""`, `\u0041`, "\xff", "\n", `;--`, `$1`, `?`}
	for _, mark := range marks {
		want(t, fmt.Sprintf("%q alone", mark), f.found(mark+" "), map[bool]string{true: "s2 s1"}[strings.TrimSpace(mark) == ""])
		for _, text := range []string{mark + "near", "near" + mark, "near" + mark + "words", mark + "near" + mark + mark} {
			if !strings.ContainsAny(mark, "14") {
				want(t, fmt.Sprintf("%q", text), f.found(text), "s1")
			}
		}
	}
	for text, found := range map[string]string{
		"near OR other": "", "near AND words": "s1", "NOT words": "s1", "NEAR(near words)": "s1", "near NEAR/2 words": "", "words:near": "s1", "wor*": "s1",
		`"near or"`: "s1", "column : near": "s1", "oth*er": "", "other' OR '1'='1": "", "near NOT other": "",
	} {
		want(t, text, f.found(text), found)
	}
	f.found(strings.Repeat("very long ", 10_000))
	f.found(strings.Repeat("x", 100_000))
}

func searchPageByPage(t *testing.T, f *fixture) {
	const n = 60
	for i := range n {
		f.ingest(event(types.EventStep, fmt.Sprint("e", i), i/7, in(fmt.Sprintf("s%02d", i*37%n)), telling(fmt.Sprintf("lamp number%d %s", i, []string{"odd", "even"}[i%2]))))
	}
	f.waitIndexed()
	for _, text := range []string{"lamp", "lamp odd", "number1", "number17"} {
		all := f.sessions(store.SessionQuery{Text: text})
		if all.Next != nil {
			t.Errorf("%s: there is more than everything", text)
		}
		for _, limit := range []int{1, 2, 7, 29, 30, 31, n} {
			var paged store.SessionPage
			q := store.SessionQuery{Text: text, Limit: limit}
			for more := true; more && len(paged.Sessions) <= n; more = q.After != nil {
				page := f.sessions(q)
				paged.Sessions = append(paged.Sessions, page.Sessions...)
				q.After = page.Next
			}
			want(t, fmt.Sprintf("%s in pages of %d", text, limit), sessionIDs(paged), sessionIDs(all))
		}
	}
}

func searchStaysInTheProject(t *testing.T, f *fixture) {
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 0, telling("secret")))
	f.ingest(event(types.EventStep, "e1", 0, in("mine"), telling("open")))
	want(t, "words of another project", f.found("secret"), "")
	want(t, "the id of a session there", f.found("s1"), "")
	page, err := f.Sessions(t.Context(), "p2", store.SessionQuery{Text: "secret", Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "there", sessionIDs(page), "s1")
}

// searchWaitsForWhatWasStored does not wait itself.
func searchWaitsForWhatWasStored(t *testing.T, f *fixture) {
	for i := range 20 {
		word := fmt.Sprint("word", i, "x")
		f.ingest(event(types.EventStep, fmt.Sprint("e", i), i, in(fmt.Sprint("s", i)), telling(word)))
		want(t, word, sessionIDs(f.sessions(store.SessionQuery{Text: word})), fmt.Sprint("s", i))
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if _, err := f.Sessions(ended, project, store.SessionQuery{Text: "word", Limit: 1}); err == nil {
		t.Error("a search whose context has ended was answered")
	}
	if err := f.WaitIndexed(ended); err == nil {
		t.Error("waiting did not end with its context")
	}
}
